// The temporary folder of the test file that is running, and new files in it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './spawn.ts';

/** The folder; `each-file.ts` makes a new one for each test file. */
export let desk = '';
let close = () => {};
let files = 0;

/** Makes the folder. */
export function openDesk(): void {
  const home = folder();
  desk = home.path;
  close = () => home[Symbol.dispose]();
}

/** Removes the folder. */
export function closeDesk(): void {
  close();
}

/** A path in the folder that no other call returns. */
export function path(name: string): string {
  files += 1;
  return join(desk, `${files}-${name}`);
}

/** Writes a new file and returns its path. */
export function file(name: string, content: string | Uint8Array): string {
  const at = path(name);
  writeFileSync(at, content);
  return at;
}

/** Makes a new folder and returns its path. */
export function newFolder(): string {
  const at = path('folder');
  mkdirSync(at);
  return at;
}
