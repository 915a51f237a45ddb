// The seal that a run prints: verify --head finds it in an intact chain, and misses it when the chain was cut or written anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chainStart, linkLine, unlinkLine } from '../../../src/report/hash-chain.ts';
import { leavers } from '../../support/in-process.ts';
import { file, path, scenario, type Ran, type Scenario } from '../../support/scenario.ts';

const sealIn = ({ stderr }: Pick<Ran, 'stderr'>) => /^Seal (sha256:[0-9a-f]{32})$/m.exec(stderr)?.[1] ?? '';

/** The lines of a report with a chain that fits them. */
function rechained(lines: readonly string[]): string {
  let previous = chainStart;
  const linked = lines.map((text, at) => {
    const body = unlinkLine(text)?.body.replace(/"seq":\d+/, `"seq":${at + 1}`) ?? '';
    const { line, h } = linkLine(previous, body);
    previous = h;
    return line;
  });
  return `${linked.join('\n')}\n`;
}

const linesOf = (report: string) => readFileSync(report, 'utf8').trimEnd().split('\n');
const verify = (s: Scenario, report: string, ...flags: string[]) => s.leavers(['verify', report, ...flags]);

describe('the seal of a run', () => {
  it('is the hash of the last line, printed on stderr', async () => {
    await using s = await scenario({ people: 1 });
    const ran = await s.run(1);
    expect(sealIn(ran)).toBe(`sha256:${String(ran.lines.at(-1)?.['h'])}`);
  });

  it('is found with and without its prefix, and lines after it are counted as appended', async () => {
    await using s = await scenario({ people: 2 });
    const first = await s.run(1);
    const again = await s.run(2, ['--resume'], { report: first.report });
    const seal = sealIn(first);
    for (const head of [seal, seal.slice(7), seal.toUpperCase().replace('SHA256', 'sha256')]) {
      const { code, stdout } = await verify(s, first.report, '--head', head);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/the chain is intact[^]*\d+ lines were appended after it/),
      ]);
    }
    expect((await verify(s, first.report, '--head', sealIn(again))).stdout).toContain('0 lines were appended');
  });

  it.each([
    ['torn in its last line', (text: string) => text.slice(0, -20), 75, 'torn'],
    [
      'cut before its end',
      (text: string) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`,
      75,
      'not complete',
    ],
    ['changed in its last line', (text: string) => text.replace(/"seconds":/, '"second":'), 65, 'edited'],
    ['torn, and changed before', (text: string) => text.replace('"done"', '"held"').slice(0, -20), 65, 'edited'],
  ])('of a report that is %s', async (_, damage, code, word) => {
    await using s = await scenario({ people: 2 });
    const { report } = await s.run(2);
    writeFileSync(report, damage(readFileSync(report, 'utf8')));
    const verified = await verify(s, report);
    expect([verified.code, verified.stdout]).toEqual([code, expect.stringContaining(word)]);
  });

  it('is missing from a chain that was rewritten without a row, which verify alone calls intact', async () => {
    await using s = await scenario({ people: 3 });
    const ran = await s.run(3);
    const lines = linesOf(ran.report);
    const forged = file('forged.ndjson', rechained(lines.filter((line) => !line.includes('"row":2'))));
    expect((await verify(s, forged)).stdout).toContain('the chain is intact, complete');
    const { code, stderr } = await verify(s, forged, '--head', sealIn(ran));
    expect([code, stderr]).toEqual([65, expect.stringContaining('does not occur in an intact chain')]);
  });

  it('is missing when the last run was cut off, and from a broken chain', async () => {
    await using s = await scenario({ people: 2 });
    const first = await s.run(1);
    const lines = linesOf(first.report).length;
    const seal = sealIn(await s.run(2, ['--resume'], { report: first.report }));
    const all = linesOf(first.report);
    const cut = file('cut.ndjson', `${all.slice(0, lines).join('\n')}\n`);
    expect([(await verify(s, cut)).code, (await verify(s, cut, '--head', seal)).code]).toEqual([0, 65]);
    writeFileSync(cut, `${all.join('\n').replace('person0', 'person9')}\n`);
    expect((await verify(s, cut, '--head', seal)).code).toBe(65);
  });

  it('of another form is a usage error', async () => {
    await using s = await scenario({ people: 1 });
    const { code, stderr } = await verify(s, path('r.ndjson'), '--head', 'abc');
    expect([code, stderr]).toEqual([64, expect.stringContaining('is not a seal')]);
  });
});

describe('verify', () => {
  it('ends with 75 when a report has no end or is empty', async () => {
    await using s = await scenario({ people: 2 });
    const { report } = await s.run(2);
    const lines = linesOf(report);
    const open = file('open.ndjson', `${lines.slice(0, -1).join('\n')}\n`);
    expect([(await verify(s, open)).code, (await verify(s, file('empty.ndjson', ''))).code]).toEqual([75, 75]);
  });

  it('ends with 65 when a state differs', async () => {
    const report = path('r.ndjson');
    const rows = file('m.csv', 'action,email\nsuspend-user,zoe.lefevre@example.com\n');
    await leavers(['run', rows, '--sandbox', 'samples/org.json', '--rate', 'none', '--report', report]);
    const { code, stdout } = await leavers([
      'verify',
      report,
      '--live',
      '--sandbox',
      'samples/org.json',
      '--rate',
      'none',
    ]);
    expect([code, stdout]).toEqual([65, expect.stringContaining('not in the state that the report claims')]);
  });
});
