// What a run refuses before it sends anything, in which words, and whom it protects.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { person } from '../../support/organization.ts';
import { file, manifest, path, scenario, suspend } from '../../support/scenario.ts';

describe('guards refuse before anything is sent', () => {
  const restore = { ...suspend(1), action: 'restore-user' };
  /** What is handed in, the exit code, and the last sentence on stderr; MANIFEST stands for the manifest's path. */
  const cases: readonly [string, readonly object[], readonly string[], number, string][] = [
    [
      'without a yes off a terminal',
      [suspend(1)],
      [],
      78,
      'refused: no terminal to confirm 1 change; pass --yes if the plan is right',
    ],
    [
      'an irreversible action that is not allowed',
      [{ ...suspend(1), action: 'remove-user' }],
      ['--yes'],
      78,
      "refused: 1 × remove-user can't be undone; add --allow remove-user to permit it",
    ],
    [
      'more changes than allowed',
      [1, 2, 3].map(suspend),
      ['--yes', '--max-changes', '2'],
      78,
      'refused: 3 changes, but --max-changes is 2; split the manifest or raise the limit',
    ],
    [
      'more than a percentage',
      [1, 2, 3].map(suspend),
      ['--yes', '--max-changes', '20%'],
      78,
      'refused: 3 changes are more than 20% of 10 people (--max-changes); split the manifest or raise the limit',
    ],
    [
      'an invalid row',
      [{ action: 'suspend-user', email: 'jo@' }],
      ['--yes'],
      65,
      'MANIFEST:1: email "jo@" is not an address; give one like jo@example.com',
    ],
    [
      'a contradiction',
      [suspend(1), restore],
      ['--yes'],
      65,
      'MANIFEST:2: contradicts MANIFEST:1, which suspends the same person; keep one of the two',
    ],
    ['an unknown flag', [suspend(1)], ['--yes', '--dri-run'], 64, 'run has no --dri-run; did you mean --dry-run?'],
    [
      'a rate of nothing',
      [suspend(1)],
      ['--yes', '--rate', '0'],
      64,
      '--rate "0" is not a rate; give calls per second, minute or hour like 3/s, 180/m or 5000/h, or none',
    ],
  ];

  it.each(cases)('%s', async (_, rows, flags, expected, sentence) => {
    await using s = await scenario({ people: 10 });
    const [at, report] = [manifest(rows), path('report.ndjson')];
    const { code, stderr } = await s.leavers(['run', at, '--report', report, ...flags]);
    const last = stderr.trim().split('\n').at(-1)?.replaceAll(at, 'MANIFEST');
    expect([code, last]).toEqual([expected, `leavers: ${sentence}`]);
    expect(s.changes()).toEqual([]);
    expect(existsSync(report)).toBe(false);
  });

  it('an existing report is never overwritten', async () => {
    await using s = await scenario();
    const { code } = await s.run([suspend(1)], [], { report: file('report.ndjson', 'mine') });
    expect(code).toBe(73);
    expect(s.changes()).toEqual([]);
  });

  it('a key that the organization refuses ends with 77 after one call', async () => {
    await using s = await scenario();
    const { code, stderr } = await s.run([suspend(1)], [], { env: { ATLASSIAN_API_KEY: 'wrong' } });
    expect(code).toBe(77);
    expect(stderr).not.toContain('wrong');
    expect(s.sandbox.ledger).toHaveLength(1);
  });

  it('v1 on an organization that serves v2 only ends with 78 and names the flag', async () => {
    await using s = await scenario({ people: 2, generations: ['v2'] });
    const { accountId } = person(1);
    const { code, stderr } = await s.run([{ action: 'suspend-user', accountId }], ['--api', 'v1']);
    expect(code).toBe(78);
    expect(stderr).toContain('--api v2');
  });
});

describe('several guards that refuse one plan', () => {
  it('are all named in the error, so that one correction is enough', async () => {
    await using s = await scenario({ people: 10 });
    const at = manifest([
      { ...suspend(1), action: 'remove-user' },
      { action: 'invite-user', email: 'new@example.com' },
    ]);
    const { code, stderr } = await s.leavers(['run', at, '--yes', '--quiet']);
    expect([code, stderr]).toEqual([78, expect.stringMatching(/--allow remove-user .*\n.*--allow invite-user /)]);
  });
});

describe('protection', () => {
  it('skips organization admins, protected people and the operator', async () => {
    const change = ({ people }: Record<string, unknown>) =>
      void Object.assign((people as object[])[1] ?? {}, { orgAdmin: true });
    await using s = await scenario({ people: 4, change });
    const list = file('protect.txt', `${person(2).email.toUpperCase()}\n`);
    const { code, outcomes } = await s.run(4, ['--protect', list, '--operator', person(3).email]);
    expect(code).toBe(4);
    expect(outcomes).toEqual(['done', 'admin', 'protected', 'protected']);
  });
});

describe('guards that look at one directory', () => {
  const other = '30000000-0000-4000-8000-000000000009';
  const change = (state: Record<string, unknown>) => {
    (state['directories'] as object[]).push({ id: other, name: 'Other' });
    for (const each of (state['people'] as object[]).slice(5))
      Object.assign(each, { status: 'not_invited', claimed: true });
  };
  const here = ['--directory', '30000000-0000-4000-8000-000000000000'];

  it('a percentage of changes is of the people who are in it', async () => {
    await using s = await scenario({ people: 10, change });
    const { code, stderr } = await s.run(3, [...here, '--max-changes', '50%']);
    expect([code, stderr]).toEqual([78, expect.stringContaining('3 changes are more than 50% of 5 people')]);
  });

  it('a report of another directory is not resumed', async () => {
    await using s = await scenario({ people: 10, change });
    const { report, manifest: at } = await s.run(3, here);
    const { code, stderr } = await s.run(at, ['--directory', other, '--resume'], { report });
    expect([code, stderr]).toEqual([78, expect.stringContaining(`but this is ${other}; name another file`)]);
    expect(s.changes()).toHaveLength(3);
  });
});
