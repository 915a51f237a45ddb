// Reports made up for tests, whole and with a true chain, without a run.
import { writeFileSync } from 'node:fs';
import type { RowEnd, RunEnd, RunStart } from '../../src/report/events.ts';
import { chainStart, linkLine } from '../../src/report/hash-chain.ts';

export const started: RunStart = {
  event: 'run-start',
  tool: 'leavers',
  version: '0.1.0',
  org: '6665a2c0-4644-4c88-9b2c-68cc0b1d15b8',
  api: 'v2',
  directory: '30000000-0000-4000-8000-000000000000',
  manifests: [{ path: 'exports/people.csv', sha256: 'ab'.repeat(32), rows: 3 }],
  job: null,
  operator: 'ida',
  settings: {
    rate: { count: 180, perMs: 60_000 },
    timeoutMs: 30_000,
    maxFailures: { percent: 10 },
    concurrency: 8,
    allow: [],
    sandbox: false,
  },
};

const ended: RunEnd = {
  event: 'run-end',
  outcome: 'complete',
  reason: null,
  counts: {},
  requests: 12,
  throttled: 0,
  throttledMs: 0,
  waits: [],
  seconds: 4,
};

/** What a test wants of a row; the rest is somebody suspended without trouble. */
export type Wanted = Partial<RowEnd>;

function rowOf(n: number, wanted: Wanted): RowEnd {
  return {
    event: 'row',
    key: n.toString(16).padStart(16, '0').padEnd(32, '0'),
    row: n,
    file: 'exports/people.csv',
    line: n + 1,
    action: 'suspend-user',
    accountId: `557058:${n}`,
    email: `person${n}@example.com`,
    groupId: null,
    groupName: null,
    reference: `HR-${n}`,
    outcome: 'done',
    reason: null,
    status: 204,
    attempts: 1,
    ambiguous: false,
    ms: 20,
    message: null,
    error: null,
    requestId: `trace-${n}`,
    result: null,
    fields: {},
    ...wanted,
  };
}

/** Writes a report of one run with these rows, finished a second apart from noon on. */
export function writeReport(
  path: string,
  rows: readonly Wanted[],
  { end = {}, start = {} }: { end?: Partial<RunEnd>; start?: Partial<RunStart> } = {},
): string {
  const noon = Date.parse('2026-11-24T12:00:00.000Z');
  const texts: string[] = [];
  let head: string = chainStart;
  const add = (event: object, time: string) => {
    const seq = texts.length + 1;
    const { line, h } = linkLine(head, JSON.stringify({ time, runId: 'run-1', schema: 1, ...event, seq }));
    texts.push(line);
    head = h;
  };
  const at = (n: number) => new Date(noon + n * 1000).toISOString();
  add({ ...started, ...start }, at(0));
  rows.forEach((wanted, n) => add(rowOf(n + 1, wanted), at(n + 1)));
  add({ ...ended, ...end }, at(rows.length + 1));
  writeFileSync(path, `${texts.join('\n')}\n`);
  return path;
}

export const refused = (code: string, title: string): Wanted => ({
  outcome: 'failed',
  status: 403,
  error: { code, title, detail: null, traceId: 't' },
});
