// What reports come to: the last line of a row counts, in numbers, causes and examples alike.
import { describe, expect, it } from 'vitest';
import type { ReportLine, RowEnd } from '../../../src/report/events.ts';
import { SummaryBuilder } from '../../../src/report/summary.ts';

const key = (n: number) => n.toString(16).padStart(16, '0').padEnd(32, '0');
const row = (n: number, other: Partial<RowEnd>): ReportLine => ({
  time: '2026-11-24T00:00:00.000Z',
  runId: 'r',
  schema: 1,
  seq: n,
  h: 'h',
  event: 'row',
  key: key(n),
  row: n,
  file: 'm.csv',
  line: n + 1,
  action: 'suspend-user',
  accountId: `a${n}`,
  email: null,
  groupId: null,
  groupName: null,
  reference: null,
  outcome: 'done',
  reason: null,
  status: 200,
  attempts: 1,
  ambiguous: false,
  ms: n,
  message: null,
  error: null,
  result: null,
  fields: {},
  ...other,
});
const failed = { outcome: 'failed', status: 500, message: 'down' } as const;
const summary = (...lines: ReportLine[]) => {
  const counted = new SummaryBuilder();
  for (const line of lines) counted.add(line);
  return counted.done();
};

describe('a summary', () => {
  it('says of rows that the run was stopped before that nothing has changed', () => {
    const hint = (attempts: number) => summary(row(1, { ...failed, status: null, attempts })).causes[0]?.hint;
    expect(hint(0)).toContain('nothing was sent, so nothing has changed');
    expect(hint(1)).not.toContain('nothing');
  });

  it('counts a row that failed and was then done as done, and names no cause', () => {
    const { counts, causes, total, rows } = summary(row(1, failed), row(1, {}));
    expect([counts, causes, total.failed, rows]).toEqual([{ 'suspend-user': { failed: 0, done: 1 } }, [], 0, 1]);
  });

  it('counts a row that failed twice once, as one example', () => {
    const { causes } = summary(row(1, failed), row(2, failed), row(1, failed));
    expect(causes.map(({ count, rows }) => [count, rows.map((each) => each.row)])).toEqual([[2, [2, 1]]]);
  });

  it('moves a row from one cause to another', () => {
    const { causes } = summary(row(1, failed), row(1, { outcome: 'skipped', reason: 'admin' }));
    expect(causes.map(({ cause, count }) => [cause, count])).toEqual([['skipped: admin', 1]]);
  });

  it('keeps causes apart that have one code and two hints, and says a bare status once', () => {
    const error = {
      code: 'ADMIN-400-4',
      title: 'Invalid resource',
      detail: 'User x is an organization admin',
      traceId: null,
    };
    const bare = { code: null, title: 'HTTP 403', detail: null, traceId: null };
    const other = { ...error, detail: 'not with the new user management experience' };
    const errors = [error, other, bare].map((each, n) => row(n + 1, { ...failed, status: 403, error: each }));
    const causes = summary(...errors).causes.map(({ cause }) => cause);
    const named = 'failed: HTTP 403 ADMIN-400-4 Invalid resource';
    expect(causes).toEqual([named, named, 'failed: HTTP 403']);
  });

  it('says the status once when the message begins with it', () => {
    const message = 'HTTP 200 came with an HTML page';
    const [{ cause } = {}] = summary(row(1, { ...failed, status: 200, message })).causes;
    expect(cause).toBe(`failed: ${message}`);
  });

  it('counts a row as ambiguous by its last line', () => {
    expect(summary(row(1, { ambiguous: true }), row(1, {})).ambiguous).toBe(0);
    expect(summary(row(1, {}), row(1, { ambiguous: true })).ambiguous).toBe(1);
  });

  it('keeps kinds of trouble beyond two hundred as one', () => {
    const lines = Array.from({ length: 300 }, (_, n) => row(n + 1, { ...failed, message: `cause ${n}` }));
    const { causes } = summary(...lines, ...lines);
    expect(causes).toHaveLength(201);
    expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(300);
  });

  it('takes the time of the API for slow, not the wait for the limit', () => {
    const { slowest } = summary(row(1, { ms: 4000, apiMs: 20 }), row(2, { ms: 300, apiMs: 290 }));
    expect(slowest.map(({ line, ms }) => [line, ms])).toEqual([
      [3, 290],
      [2, 20],
    ]);
  });

  it('names the slowest calls, and nothing that made none', () => {
    const { slowest } = summary(...[5, 9, 1, 7, 3, 8, 2].map((n) => row(n, {})), row(99, { attempts: 0 }));
    expect(slowest.map(({ ms }) => ms)).toEqual([9, 8, 7, 5, 3]);
  });
});
