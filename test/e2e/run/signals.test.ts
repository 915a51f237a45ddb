// Signals at every moment of a run: the exit code says which one came, rows that were not reached have no line, and resume runs them.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serveCompany } from '../../support/organization.ts';
import { manifest, newFolder, path, suspend } from '../../support/scenario.ts';
import { leavers, ndjson, start } from '../../support/spawn.ts';
import { onTerminal } from '../../support/pty.ts';

type Served = Awaited<ReturnType<typeof serveCompany>>;

/** An organization whose runs keep their locks apart from those of the tests beside it: all simulated organizations have one id. */
async function serve(...wanted: Parameters<typeof serveCompany>): Promise<Served> {
  const served = await serveCompany(...wanted);
  return Object.assign(served, { env: { ...served.env, XDG_STATE_HOME: newFolder() } });
}

const codes = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds() && turn < 1500; turn += 1) await sleep(10);
}

const seen = (served: Served, pattern: RegExp) =>
  served.sandbox.ledger.filter((each) => pattern.test(each.path)).length;

/** Starts a run, sends the signal once the ledger shows the path so often, and returns the report's events. */
async function interrupted(served: Served, args: readonly string[], { signal, after }: Moment) {
  const report = path('r.ndjson');
  const run = start(['run', ...args, '--report', report, '--yes'], { env: served.env });
  await until(() => seen(served, after[0]) >= after[1]);
  run.child.kill(signal);
  const { code, stderr } = await run.ended;
  return { code, stderr, report, lines: code === null ? [] : linesOf(report) };
}

interface Moment {
  readonly signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM';
  readonly after: readonly [path: RegExp, times: number];
}

function linesOf(report: string) {
  try {
    return ndjson(report);
  } catch {
    return [];
  }
}

const outcomes = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ event }) => event === 'row').map(({ outcome }) => outcome);

/** Opens the pipe for writing once somebody reads it; undefined before that. */
function writerOf(fifo: string): number | undefined {
  try {
    return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

describe.concurrent('a signal while the manifest is awaited', () => {
  it.each(codes)('%s ends a run that reads a pipe', async (signal, code) => {
    await using served = await serve({ people: 1 });
    const fifo = join(newFolder(), 'manifest.fifo');
    execFileSync('mkfifo', [fifo]);
    const run = start(['run', fifo, '--report', path('r.ndjson'), '--yes'], { env: served.env });
    let writer: number | undefined;
    await until(() => (writer ??= writerOf(fifo)) !== undefined);
    run.child.kill(signal);
    expect((await run.ended).code).toBe(code);
    if (writer !== undefined) closeSync(writer);
  });
});

describe.concurrent('a signal with fewer rows left than may be open', () => {
  it.each(codes)('%s while rows wait for the rate limit leaves them without a line', async (signal, code) => {
    await using served = await serve({ people: 5 });
    const args = [manifest(5), '--rate', '2/s'];
    const ended = await interrupted(served, args, { signal, after: [/suspend/, 2] });
    expect([ended.code, ended.lines.at(-1)]).toMatchObject([code, { event: 'run-end', outcome: 'interrupted' }]);
    expect(outcomes(ended.lines).every((outcome) => outcome === 'done')).toBe(true);
    expect(outcomes(ended.lines).length).toBeLessThan(5);
    const again = await leavers(['run', ...args.slice(0, 1), '--report', ended.report, '--yes', '--resume'], {
      env: served.env,
    });
    expect([again.code, served.changes().length, again.stderr]).toMatchObject([
      0,
      5,
      expect.not.stringMatching('ambiguous'),
    ]);
    expect(linesOf(ended.report).filter(({ ambiguous }) => ambiguous === true)).toEqual([]);
  });

  it('during the wait of a 429 ends at once, with nothing sent twice', async () => {
    const faults = [
      { match: { path: 'suspend' }, kind: 'status' as const, status: 429, headers: { 'retry-after': '50' }, times: 1 },
    ];
    await using served = await serve({ people: 3 }, { faults });
    const args = [manifest(3), '--concurrency', '1'];
    const ended = await interrupted(served, args, { signal: 'SIGTERM', after: [/suspend/, 1] });
    expect([ended.code, ended.lines.at(-1)?.['outcome'], served.changes()]).toEqual([143, 'interrupted', []]);
    expect(outcomes(ended.lines)).toEqual([]);
  });

  it('that comes while the last row is under way lets it finish', async () => {
    const faults = [{ match: { path: 'suspend' }, kind: 'slow' as const, delayMs: 600 }];
    await using served = await serve({ people: 1 }, { faults });
    const ended = await interrupted(served, [manifest(1)], { signal: 'SIGTERM', after: [/suspend/, 1] });
    expect([ended.code, ended.lines.at(-1)?.['outcome'], outcomes(ended.lines)]).toEqual([
      143,
      'interrupted',
      ['done'],
    ]);
  });

  it('lets resume send an invitation that was announced and never left', async () => {
    const faults = [
      { match: { path: 'invite' }, kind: 'status' as const, status: 429, headers: { 'retry-after': '50' }, times: 1 },
    ];
    await using served = await serve({ people: 1 }, { faults });
    const rows = path('m.json');
    writeFileSync(rows, JSON.stringify([{ action: 'invite-user', email: 'new@example.com' }]));
    const args = [rows, '--allow', 'invite-user'];
    const ended = await interrupted(served, args, { signal: 'SIGTERM', after: [/invite/, 1] });
    expect(ended.lines.at(-1)).toMatchObject({ unsent: [expect.stringMatching(/^[0-9a-f]{32}$/)] });
    const again = await leavers(['run', ...args, '--report', ended.report, '--yes', '--resume'], { env: served.env });
    expect([again.code, served.changes().length]).toEqual([0, 1]);
  });
});

describe.concurrent('a signal while the server hangs', () => {
  it('gives calls up after ten seconds: what can be repeated failed, a creation is unknown, and resume goes on', async () => {
    const faults = [{ match: { path: '(suspend|invite)' }, kind: 'hang' as const }];
    await using served = await serve({ people: 2 }, { faults });
    const rows = manifest([suspend(0), { action: 'invite-user', email: 'new@example.com' }]);
    // Without giving up it would last longer than this test may.
    const args = [rows, '--allow', 'invite-user', '--timeout', '2m'];
    const ended = await interrupted(served, args, { signal: 'SIGHUP', after: [/suspend|invite/, 2] });
    expect([ended.code, ended.lines.at(-1)]).toMatchObject([129, { event: 'run-end', outcome: 'interrupted' }]);
    const found = ended.lines
      .filter(({ event }) => event === 'row')
      .map((row) => [row['action'], row['outcome'], row['ambiguous']].join(' '));
    expect(found.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'invite-user unknown true',
      'suspend-user failed true',
    ]);
  });
});

describe.concurrent('a signal before anything is sent', () => {
  it.each(codes)('%s while planning ends with %i', async (signal, code) => {
    const faults = [
      { match: { path: 'search' }, kind: 'status' as const, status: 429, headers: { 'retry-after': '50' }, times: 1 },
    ];
    await using served = await serve({ people: 3 }, { faults });
    const ended = await interrupted(served, [manifest(3)], { signal, after: [/search/, 1] });
    expect([ended.code, served.changes()]).toEqual([code, []]);
    expect(ended.stderr).toContain(`${signal}: stopping; nothing was sent`);
  });

  it.each(['plan', 'inactive', 'doctor'])('ends %s as well', async (command) => {
    const faults = [{ match: { path: 'users' }, kind: 'hang' as const }];
    await using served = await serve({ people: 3 }, { faults });
    const args = { plan: [manifest(3)], inactive: ['--days', '90'], doctor: [] }[command] ?? [];
    const run = start([command, ...args], { env: served.env });
    await until(() => seen(served, /users/) > 0);
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(143);
  });

  it.each([
    ['Ctrl-C', 130, '\u0003'],
    ['SIGTERM', 143, undefined],
  ])('%s at the question cancels', async (_, code, key) => {
    await using served = await serve({ people: 2 });
    const run = ['run', manifest(2), '--report', path('r.ndjson')];
    const type = key === undefined ? [] : ([['to continue:', key]] as const);
    const shown = await onTerminal(run, {
      columns: 80,
      env: served.env,
      type,
      ...(key === undefined ? { terminate: 'to continue:' } : {}),
    });
    expect([shown.code, served.changes().length, shown.raw.includes('Cancelled, nothing sent')]).toEqual([
      code,
      0,
      true,
    ]);
  });
});
