// Reports that somebody touches: under a run, past its lock, or between two runs; and reports of another organization.
import {
  appendFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { manifest, otherMachine, path, type Scenario, scenario } from '../../support/scenario.ts';
import { start } from '../../support/spawn.ts';

const run = (m: string, report: string, { env }: Pick<Scenario, 'env'>, more: readonly string[] = []) =>
  leavers(['run', m, '--report', report, '--yes', '--resume', '--quiet', ...more], { env });

/** A run of 40 rows at 20 a second, once five of them are done. */
async function underWay(s: Scenario) {
  const [m, report] = [manifest(40), path('r.ndjson')];
  const { ended } = start(['run', m, '--report', report, '--yes', '--resume', '--rate', '20/s'], { env: s.env });
  while (s.changes().length < 5) await new Promise((wake) => setTimeout(wake, 5));
  return { m, report, ended };
}

describe('a report that is touched while a run writes it', () => {
  it.each([
    ['removed', (at: string) => rmSync(at), /moved or removed/],
    ['moved', (at: string) => renameSync(at, `${at}.old`), /moved or removed/],
    ['cut', (at: string) => truncateSync(at, 0), /cut by another process/],
    ['written to', (at: string) => appendFileSync(at, '{}\n'), /written to/],
  ])('by being %s ends the run with 74, and none of the calls that wait is made', async (_, touch, words) => {
    await using s = await scenario({ people: 40 });
    const { report, ended } = await underWay(s);
    touch(report);
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([74, expect.stringMatching(words)]);
    // What was under way, and one call that found out; eight were announced and wait for their turn.
    expect(s.changes().length).toBeLessThanOrEqual(8);
  });

  it.each([
    ['the lock is removed', (report: string) => [rmSync(`${report}.lock`), report][1]],
    ['the report has a second name', (report: string) => [linkSync(report, `${report}.too`), `${report}.too`][1]],
  ])('by a second run, because %s, ends with no row sent twice', async (_, trick) => {
    await using s = await scenario({ people: 40 });
    const { m, report, ended } = await underWay(s);
    const second = await run(m, String(trick(report)), { env: otherMachine(s.env) }, ['--rate', '20/s']);
    expect([(await ended).code, second.code]).toEqual([74, 74]);
    const sent = s.changes().map(({ path: at }) => at);
    expect(new Set(sent).size).toBe(sent.length);
  });
});

describe('a report that was touched between two runs', () => {
  const lineEnds = (text: string) => text.replaceAll('\n', '\r\n');
  it.each<[string, number, (text: string) => string | Uint8Array]>([
    ['was emptied', 0, () => ''],
    ['lacks its last line', 0, (text) => text.replace(/[^\n]+\n$/, '')],
    ['has its first line only', 0, (text) => text.replace(/\n[^]*/, '\n')],
    ['has half of its first line', 0, (text) => text.slice(0, 100)],
    ['has the first bytes of it', 0, (text) => text.slice(0, 3)],
    ['ends in a word', 0, (text) => `${text}garbage`],
    ['ends in zeros, as after a power cut', 0, (text) => Buffer.concat([Buffer.from(text), Buffer.alloc(4096)])],
    ['ends in two lines of something', 65, (text) => `${text}garbage\ngarbage\n`],
    ['occurs twice', 65, (text) => text + text],
    ['has other line ends', 65, lineEnds],
    ['has a byte order mark', 65, (text) => `\ufeff${text}`],
    ['is UTF-16', 73, (text) => Buffer.from(text, 'utf16le')],
  ])('and %s: %i, and nothing is sent twice', async (_, code, touch) => {
    await using s = await scenario({ people: 5 });
    const [m, report] = [manifest(5), path('r.ndjson')];
    await run(m, report, s);
    writeFileSync(report, touch(readFileSync(report, 'utf8')));
    const { size } = statSync(report);
    expect((await run(m, report, s)).code).toBe(code);
    expect(s.changes()).toHaveLength(5);
    if (code === 0) expect((await leavers(['verify', report])).code).toBe(0);
    else expect(statSync(report).size).toBe(size);
  });
});

describe('a report of another organization', () => {
  const other = '11111111-4644-4c88-9b2c-68cc0b1d15b8';

  it('is refused by resume, whose rows were not done here', async () => {
    await using here = await scenario({ people: 3 });
    await using there = await scenario({
      people: 3,
      change: (state) => Object.assign(state['org'] as object, { id: other }),
    });
    const [m, report] = [manifest(3), path('r.ndjson')];
    await run(m, report, here);
    const { code, stderr } = await run(m, report, { env: { ...there.env, ATLASSIAN_ORG_ID: other } });
    expect([code, stderr, there.changes()]).toEqual([78, expect.stringContaining(`but this is ${other}`), []]);
  });

  it('or of a rehearsal in the same one does not count for a real run', async () => {
    await using s = await scenario({ people: 3 });
    const [m, report, state] = [manifest(3), path('r.ndjson'), path('org.json')];
    writeFileSync(state, JSON.stringify(s.sandbox.state()));
    await run(m, report, s, ['--sandbox', state]);
    const { code, stderr } = await run(m, report, s);
    expect([code, stderr, s.changes()]).toEqual([78, expect.stringContaining('of a rehearsal'), []]);
  });

  it('is not what one of the other API generation is', async () => {
    await using s = await scenario({ people: 3 });
    const [m, report] = [manifest(3), path('r.ndjson')];
    await run(m, report, s, ['--api', 'v1']);
    expect([(await run(m, report, s, ['--api', 'v2'])).code, s.changes().length]).toEqual([0, 3]);
  });
});

describe('a lock that is a link', () => {
  it('is refused, and nothing is made where it points', async () => {
    await using s = await scenario({ people: 1 });
    const [report, victim] = [path('r.ndjson'), path('victim')];
    symlinkSync(victim, `${report}.lock`);
    expect([(await run(manifest(1), report, s)).code, s.changes()]).toEqual([73, []]);
    expect(statSync(victim, { throwIfNoEntry: false })).toBeUndefined();
  });
});
