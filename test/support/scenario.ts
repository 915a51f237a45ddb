// `scenario()`: a simulated organization, a temporary folder and the command line in one object that a test disposes of.
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { file, path } from './desk.ts';
import { type Ended, leavers, type RunOptions } from './in-process.ts';
import { person, serveCompany, type Wanted } from './organization.ts';
import { openFiles, openHandles } from './process-state.ts';
import { ndjson } from './spawn.ts';

export { desk, file, newFolder, path } from './desk.ts';

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
  const before = openSockets();
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

/** Sockets and servers. Timers and children are left to the end of the test file, because a test may have some of its own. */
const openSockets = () => openHandles().filter((name) => name.startsWith('TCP'));

/** Throws when files or handles stay open; closing takes a few turns of the event loop, so it waits up to a second. */
async function refuseLeaks(before: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 100 && leaks(before).length > 0; turn += 1) await pause(10);
  const left = leaks(before);
  if (left.length > 0) throw new Error(`left open: ${left.join(', ')}`);
}

function leaks(before: readonly string[]): string[] {
  const handles = openSockets();
  return [...openFiles(), ...(handles.length > before.length ? handles : [])];
}

/** The environment of another machine: runs of one machine keep each other out of an organization, named by the address of its server. */
export const otherMachine = <Env extends { readonly ATLASSIAN_API_URL: string }>(env: Env): Env => ({
  ...env,
  ATLASSIAN_API_URL: env.ATLASSIAN_API_URL.replace('127.0.0.1', 'localhost'),
});
