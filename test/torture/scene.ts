// Where accidents happen: a folder of its own, manifests in it, code that is loaded into the program, numbers that come in the same order every time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { person } from '../support/organization.ts';
import { folder, leavers, start } from '../support/spawn.ts';

export type Row = Readonly<Record<string, unknown>>;

export const suspend = (n: number): Row => ({ action: 'suspend-user', email: person(n).email });

/** A folder that is gone when it is disposed of. */
export class Scene {
  readonly #home = folder();
  #files = 0;

  get folder(): string {
    return this.#home.path;
  }

  path(name: string): string {
    return join(this.#home.path, `${(this.#files += 1)}-${name}`);
  }

  /** Writes the rows as NDJSON; a number stands for so many people to suspend. */
  manifest(rows: readonly Row[] | number, at = this.path('m.ndjson')): string {
    const all = typeof rows === 'number' ? Array.from({ length: rows }, (_, n) => suspend(n)) : rows;
    writeFileSync(at, all.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return at;
  }

  /** The environment that loads a module into the program before its own. */
  preload(code: string): { NODE_OPTIONS: string } {
    const at = this.path('preload.mjs');
    writeFileSync(
      at,
      `import fs from 'node:fs';\nimport { syncBuiltinESMExports } from 'node:module';\n${code}\nsyncBuiltinESMExports();\n`,
    );
    return { NODE_OPTIONS: `--import ${pathToFileURL(at).href}` };
  }

  [Symbol.dispose](): void {
    this.#home[Symbol.dispose]();
  }
}

interface Resumed {
  readonly manifest: string;
  readonly report: string;
  readonly env: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
  readonly before?: string;
}

const argsOf = ({ manifest, report, more = [] }: Resumed) => [
  'run',
  manifest,
  '--report',
  report,
  '--yes',
  '--resume',
  '--quiet',
  ...more,
];

/** `run --resume`, to its end. */
export function resume(resumed: Resumed) {
  const { env, before } = resumed;
  return leavers(argsOf(resumed), { env, ...(before === undefined ? {} : { before }) });
}

/** The same, under way. */
export function begin(resumed: Resumed) {
  return start(argsOf(resumed), { env: resumed.env });
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Resolves once it holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(2);
}

/** Pseudo-random numbers from 0 to 1. */
export const sequence = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
  return (seed >>> 0) / 4_294_967_296;
};

/** Runs a function and says how long it took, in ms. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const from = performance.now();
  const value = await work();
  return { value, ms: performance.now() - from };
}
