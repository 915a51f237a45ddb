// An empty or cut list never looks as if everybody had left, and a nightly comparison tells how it ended.
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/program.ts';
import { world } from '../../support/context.ts';
import { person } from '../../support/organization.ts';
import { file, path, scenario } from '../../support/scenario.ts';

const size = 40;
const everybody = Array.from({ length: size }, (_, n) => n);
const list = (some: readonly number[], more = '') =>
  file('list.csv', `email\n${some.map((n) => person(n).email).join('\n')}\n${more}`);
const without = (...some: number[]) => everybody.filter((n) => !some.includes(n));
const ours = ['--domains', 'example.com'];
/** A job with columns: a list without a line is no wrong file for it. */
const job = () => file('job.json', JSON.stringify({ input: { columns: { email: 'email' } } }));
const protect = (n: number) => ['--protect', file('protect.txt', `${person(n).email}\n`)];

/** Lists that can't be complete, the flags beside them, and the words of the refusal. */
const refused: readonly (readonly [
  what: string,
  people: readonly number[],
  flags: readonly string[],
  words: RegExp,
])[] = [
  ['is empty', [], ['--job', job()], /the list of staff is empty/],
  ['misses more than 5 %', without(1, 2, 3), [], /3 of 40 people seem to have left, more than 5%/],
  ['misses more than --max-changes', without(1, 2), ['--max-changes', '1'], /but --max-changes is 1/],
  ['is of another company', [99], [], /40 of 40 people seem to have left/],
  [
    'misses the operator',
    without(7),
    ['--operator', person(7).email],
    /lacks person7@example\.com \(this is the account/,
  ],
  [
    'misses a protected person',
    without(7),
    protect(7),
    /lacks person7@example\.com \(person7@example\.com is on the list/,
  ],
  ['has fewer lines than --min-rows', everybody, ['--min-rows', '41'], /has 40 rows, but --min-rows is 41/],
  ['is compared with a run', everybody, ['--min-rows', '80%'], /compares with the last run of a report/],
  ['is old', everybody, ['--max-input-age', '1h'], /was written 2 h ago/],
];

describe('a list of staff', () => {
  it.each(refused)('that %s is refused, and no file is written', async (_, people, flags, words) => {
    await using s = await scenario({ people: size });
    const [at, out, html] = [list(people), path('gone.csv'), path('drift.html')];
    utimesSync(at, new Date(), new Date(Date.now() - 7_200_000));
    const args = ['reconcile', at, ...ours, '--out', out, '--html', html, ...flags];
    const { code, stdout, stderr } = await s.leavers(args);
    expect([code, stdout, existsSync(out), existsSync(html)]).toEqual([78, '', false, false]);
    expect(stderr).toMatch(words);
  });

  it('that misses a part of a domain is refused, although the directory is full of guests', async () => {
    const change = ({ people }: Record<string, unknown>) =>
      (people as { email: string }[]).slice(size).forEach((each, n) => (each.email = `guest${n}@guests.example`));
    await using s = await scenario({ people: size + 100, change });
    const reconcile = (...gone: number[]) => s.leavers(['reconcile', list(without(...gone)), ...ours, '--quiet']);
    const [cut, fine] = [await reconcile(1, 2, 3, 4, 5, 6), await reconcile(1, 2, 3, 4, 5)];
    expect([cut.code, fine.code]).toEqual([78, 2]);
    expect(cut.stderr).toContain('6 of 40 people at example.com seem to have left, more than 5%');
  });

  it.each([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'bücher.example'],
  ])('names people at %s also as %s', async (shown, listed) => {
    const entry = { ...person(0), email: `jo@${shown}`, name: 'Jo', status: 'active', platformRoles: [] };
    const body = { data: [entry], links: {} };
    await using s = await scenario({
      faults: [{ match: { path: '/users/search$' }, kind: 'status', status: 200, body }],
    });
    const staff = file('staff.csv', `email\njo@${listed}\n`);
    const codes = [shown, listed].map((domain) => s.leavers(['reconcile', staff, '--domains', domain, '--api', 'v2']));
    expect((await Promise.all(codes)).map(({ code }) => code)).toEqual([0, 0]);
  });

  it('may miss protected people of other domains, and others in a second file', async () => {
    await using s = await scenario({ people: size });
    const first = list(without(6, 7));
    const apart = await s.leavers(['reconcile', first, '--domains', 'other.example', ...protect(7)]);
    const both = await s.leavers(['reconcile', first, list([6, 7]), ...ours, ...protect(7)]);
    expect([apart.code, both.code]).toEqual([2, 0]);
  });

  it('with a line that nobody can read stops the comparison, with the place', async () => {
    await using s = await scenario({ people: size });
    const { code, stderr } = await s.leavers(['reconcile', list(everybody, 'jo@\n'), ...ours]);
    expect([code, stderr, s.sandbox.ledger]).toEqual([65, expect.stringMatching(/list\.csv:42: email "jo@"/), []]);
  });

  it('with a job without steps is read by no other command', async () => {
    await using s = await scenario({ people: size });
    const args = [list(everybody), '--job', job()];
    const plan = await s.leavers(['plan', ...args]);
    expect([plan.code, plan.stderr]).toEqual([65, expect.stringContaining('only reconcile reads a list without them')]);
    expect((await s.leavers(['reconcile', ...args, ...ours])).code).toBe(0);
  });
});

describe('a list of leavers', () => {
  it('by which more than 5 % have left is refused too', async () => {
    await using s = await scenario({ people: size });
    const { code, stderr } = await s.leavers(['reconcile', list([1, 2, 3]), '--list', 'leavers']);
    expect([code, stderr]).toEqual([78, expect.stringContaining('3 of 40 people')]);
  });

  it('without a line agrees with the directory', async () => {
    await using s = await scenario({ people: size });
    expect((await s.leavers(['reconcile', list([]), '--list', 'leavers', '--job', job()])).code).toBe(0);
  });
});

const exitCode = (metrics: string) => /^leavers_exit_code\{[^}]*\} (\d+)$/m.exec(metrics)?.[1];

describe('a nightly comparison', () => {
  it.each([
    ['agrees', everybody, 0, '0'],
    ['differs', without(7), 2, '1'],
    ['is refused', without(1, 2, 3), 78, undefined],
  ])('that %s says so in its metrics', async (_, people, code, left) => {
    await using s = await scenario({ people: size });
    const [metrics, at] = [path('m.prom'), list(people)];
    const ended = await s.leavers(['reconcile', at, ...ours, '--metrics-file', metrics, '--quiet']);
    const figures = readFileSync(metrics, 'utf8');
    expect([ended.code, exitCode(figures)]).toEqual([code, String(code)]);
    expect(/^leavers_drift\{[^}]*class="left"\} (\d+)$/m.exec(figures)?.[1]).toBe(left);
    expect(figures.includes('leavers_last_success_timestamp_seconds')).toBe(code === 0);
  });

  it('tells a monitor that it starts and how it ends', async () => {
    await using s = await scenario({ people: size });
    const told: (string | undefined)[] = [];
    const monitor = createServer(({ url }, response) => void (told.push(url), response.end()));
    await new Promise<void>((ready) => monitor.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(monitor.address() as AddressInfo).port}/p`;
    await s.leavers(['reconcile', list(without(7)), ...ours, '--ping', url]);
    monitor.closeAllConnections();
    await new Promise((done) => monitor.close(done));
    expect(told).toEqual(['/p/start', '/p/2']);
  });

  it('ends with 75 when its time is over, and writes nothing', async () => {
    await using s = await scenario({ people: 1000 });
    const out = path('gone.csv');
    const args = [list(everybody), ...ours, '--rate', '2/s', '--max-duration', '1s', '--out', out];
    const { code, stderr } = await s.leavers(['reconcile', ...args]);
    expect([code, stderr, existsSync(out)]).toEqual([75, expect.stringContaining('--max-duration'), false]);
  });

  it('ends with 143 at a signal, and says so in its metrics', async () => {
    await using s = await scenario({ people: size });
    const metrics = path('m.prom');
    const context = world({
      env: { ...s.env, NO_COLOR: '1' },
      stderr: new Writable({ write: (_, __, done) => done() }),
      onSignal: (handler) => {
        queueMicrotask(() => handler('SIGTERM'));
        return () => {};
      },
    });
    const args = ['reconcile', list(everybody), ...ours, '--metrics-file', metrics];
    const code = await main(args, context, { onCommandStart: () => {}, secrets: [] });
    expect([code, exitCode(readFileSync(metrics, 'utf8'))]).toEqual([143, '143']);
  });

  it('writes errors as JSON lines', async () => {
    await using s = await scenario({ people: size });
    const { code, stderr } = await s.leavers(['reconcile', list([99]), ...ours, '--log-format', 'json']);
    expect([code, JSON.parse(stderr)]).toEqual([78, expect.objectContaining({ level: 'error', exit: 78 })]);
  });
});
