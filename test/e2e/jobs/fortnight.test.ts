// Fourteen nights of one cron line over an export that grows and changes, and leavers in two stages: each person once, on the right day.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaversAt } from '../../support/in-process.ts';
import { person } from '../../support/organization.ts';
import { newFolder, scenario } from '../../support/scenario.ts';
import { root } from '../../support/spawn.ts';

const day = 86_400_000;
/** Two in the morning in Berlin. */
const night = (n: number) => Date.parse('2026-03-01T01:00:00Z') + n * day;
const date = (n: number) => new Date(night(n)).toISOString().slice(0, 10);

interface Leaver {
  readonly n: number;
  readonly lastDay: string;
}

/** The export as HR has it on a night: whole each time. */
function write(path: string, leavers: readonly Leaver[]): void {
  const rows = leavers.map(({ n, lastDay }) => `${1000 + n},Person ${n},${person(n).email},${lastDay},Terminated`);
  writeFileSync(path, ['Employee ID,Legal Name,Work Email,Last Day of Work,Active Status', ...rows, ''].join('\n'));
}

/** Who was suspended or removed in which night. */
type Nights = [n: number, what: string, night: number][];

async function nights(job: string, exportOf: (night: number) => readonly Leaver[], count = 14): Promise<Nights> {
  await using s = await scenario({ people: 12, change: contractors });
  const cwd = newFolder();
  const manifest = join(cwd, 'export.csv');
  const happened: Nights = [];
  for (let at = 0; at < count; at += 1) {
    write(manifest, exportOf(at));
    const before = s.changes().length;
    const args = [
      'run',
      manifest,
      '--job',
      join(root, 'jobs', job),
      '--report',
      join(cwd, 'r.ndjson'),
      '--resume',
      '--yes',
    ];
    const { code, stderr } = await leaversAt(night(at), [...args, '--max-changes', '100'], { env: s.env, cwd });
    if (code !== 0) throw new Error(`night ${at}: ${code} ${stderr}`);
    for (const { method, path } of s.changes().slice(before)) {
      const who = Array.from({ length: 12 }, (_, n) => n).find((n) =>
        decodeURIComponent(path).includes(person(n).accountId),
      );
      if (!path.includes('memberships')) happened.push([who ?? -1, method === 'DELETE' ? 'removed' : 'suspended', at]);
    }
  }
  return happened;
}

function contractors(state: Record<string, unknown>): void {
  Object.assign((state['groups'] as object[])[1] ?? {}, { name: 'contractors' });
}

describe('fourteen nights of hr-offboarding', () => {
  it('suspend each person once, the night after their last day, with someone added, postponed and withdrawn', async () => {
    const happened = await nights('hr-offboarding.json', (at) => [
      { n: 0, lastDay: date(-30) },
      { n: 1, lastDay: date(2) },
      // Postponed in the night before it was due: from the third to the ninth.
      { n: 2, lastDay: at < 3 ? date(3) : date(9) },
      // Withdrawn before it was due.
      ...(at < 5 ? [{ n: 3, lastDay: date(6) }] : []),
      // Added late, with a last day that is past already.
      ...(at >= 7 ? [{ n: 4, lastDay: date(4) }] : []),
      { n: 5, lastDay: date(100) },
    ]);
    expect(happened).toEqual([
      [0, 'suspended', 0],
      [1, 'suspended', 3],
      [4, 'suspended', 7],
      [2, 'suspended', 10],
    ]);
  });

  it('make no call about people when nothing is due', async () => {
    const happened = await nights('hr-offboarding.json', () => [{ n: 0, lastDay: date(-1) }], 5);
    expect(happened).toEqual([[0, 'suspended', 0]]);
  });
});

describe('two stages', () => {
  it('suspend after the last day and remove thirty days later, from one list', async () => {
    const list = [
      { n: 0, lastDay: date(1) },
      { n: 1, lastDay: date(-40) },
    ];
    const happened = await nights('two-stage.json', () => list, 34);
    expect(happened).toEqual([
      [1, 'suspended', 0],
      [1, 'removed', 0],
      [0, 'suspended', 2],
      [0, 'removed', 32],
    ]);
  });
});
