// A folder of a test file's own: paths that nobody had before, and manifests that suspend people of the company.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { person } from './organization.ts';
import { folder } from './spawn.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;

export const desk = home.path;

/** A new path that ends with the name. */
export function path(name: string): string {
  files += 1;
  return join(desk, `${files}-${name}`);
}

/** The path of a manifest that suspends so many people. */
export function manifest(rows: number): string {
  const at = path('m.ndjson');
  const line = (n: number) => `${JSON.stringify({ action: 'suspend-user', email: person(n).email })}\n`;
  writeFileSync(at, Array.from({ length: rows }, (_, n) => line(n)).join(''));
  return at;
}
