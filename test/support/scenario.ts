// `scenario()`: a simulated organization, a temporary folder and the command line in one object that a test disposes of.
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { refuseViolations } from './as-published.ts';
import { type Ended, leavers, type RunOptions } from './in-process.ts';
import { person, serveCompany, type Wanted } from './organization.ts';
import { folder, ndjson } from './spawn.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
afterEach(refuseViolations);
let files = 0;

/** The temporary folder of the test file; it is removed after the file's last test. */
export const desk = home.path;

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

/** Writes rows as an NDJSON manifest and returns its path; a number stands for that many people to suspend. */
export function manifest(rows: readonly object[] | number): string {
  const all = typeof rows === 'number' ? Array.from({ length: rows }, (_, n) => suspend(n)) : rows;
  return file('m.ndjson', all.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** A row that suspends the n-th person. */
export const suspend = (n: number) => ({ action: 'suspend-user', email: person(n).email });

/** Flags that allow every action that needs a permission. */
export const allowAll = ['remove-user', 'invite-user', 'delete-group', 'deactivate-user', 'revoke-api-tokens'].flatMap(
  (name) => ['--allow', name],
);

/** The row lines of a report in the order of the manifest. The file has them in the order in which they ended. */
export function rowsOf(report: string): Record<string, unknown>[] {
  return ndjson(report)
    .filter(({ event }) => event === 'row')
    .toSorted((a, b) => Number(a['row']) - Number(b['row']));
}

/** What became of each row of a report: the reason for leaving it out, else the outcome. */
export function outcomesOf(report: string): unknown[] {
  return rowsOf(report).map(({ reason, outcome }) => reason ?? outcome);
}

/** A run that ended, with its files. */
export interface Ran extends Ended {
  readonly manifest: string;
  readonly report: string;
  /** Row lines of the report in the order of the manifest; none when there is no report. */
  readonly rows: Record<string, unknown>[];
  readonly outcomes: unknown[];
  /** All lines of the report; none when there is no report. */
  readonly lines: Record<string, unknown>[];
}

type Served = Awaited<ReturnType<typeof serveCompany>>;
type Setup = Wanted & Partial<SandboxOptions>;

/** Serves an organization and runs command lines against it; `await using` closes it and checks that the runs left nothing open. */
export async function scenario({ people, groups, change, ...options }: Partial<Setup> = {}): Promise<Scenario> {
  const before = openHandles();
  const wanted = { people: people ?? 3, ...(groups === undefined ? {} : { groups }), ...(change ? { change } : {}) };
  return new Scenario(await serveCompany(wanted, options), before);
}

export class Scenario {
  readonly #served: Served;
  readonly #handlesBefore: readonly string[];

  constructor(served: Served, handlesBefore: readonly string[]) {
    this.#served = served;
    this.#handlesBefore = handlesBefore;
  }

  get env(): Served['env'] {
    return this.#served.env;
  }

  get sandbox(): Served['sandbox'] {
    return this.#served.sandbox;
  }

  /** Requests that changed the organization. */
  changes(): ReturnType<Served['changes']> {
    return this.#served.changes();
  }

  /** Runs any command line against the organization. */
  leavers(args: readonly string[], { env, ...options }: RunOptions = {}): Promise<Ended> {
    return leavers(args, { ...options, env: { ...this.env, ...env } });
  }

  /** `run --yes` over rows or a manifest's path; a new report unless one is given. */
  async run(
    rows: readonly object[] | number | string,
    flags: readonly string[] = [],
    { report = path('r.ndjson'), ...options }: RunOptions & { readonly report?: string } = {},
  ): Promise<Ran> {
    const at = typeof rows === 'string' ? rows : manifest(rows);
    const ended = await this.leavers(['run', at, '--report', report, '--yes', ...flags], options);
    return ran(ended, at, report);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#served[Symbol.asyncDispose]();
    await refuseLeaks(this.#handlesBefore);
  }
}

/** The run's files, read when they are asked for: a report that was there before may be anything. */
function ran(ended: Ended, at: string, report: string): Ran {
  const isThere = existsSync(report);
  return {
    ...ended,
    manifest: at,
    report,
    get rows() {
      return isThere ? rowsOf(report) : [];
    },
    get outcomes() {
      return isThere ? outcomesOf(report) : [];
    },
    get lines() {
      return isThere ? ndjson(report) : [];
    },
  };
}

/** Sockets and servers that keep this process alive. Timers and pipes are left out, because the test runner has its own. */
const openHandles = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));

/** Files of the test that this process still has open. */
function openFiles(): string[] {
  // Linux lists them; elsewhere only handles are checked.
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(desk) ? [target] : [];
    } catch {
      return [];
    }
  });
}

/** Throws when files or handles stay open; closing takes a few turns of the event loop, so it waits up to a second. */
async function refuseLeaks(before: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 100 && leaks(before).length > 0; turn += 1) await pause(10);
  const left = leaks(before);
  if (left.length > 0) throw new Error(`left open: ${left.join(', ')}`);
}

function leaks(before: readonly string[]): string[] {
  const handles = openHandles();
  return [...openFiles(), ...(handles.length > before.length ? handles : [])];
}
