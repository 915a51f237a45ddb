// A rehearsal in the real organization: what a dry run says, what it leaves behind, and that it never changes anything.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { person } from '../../support/organization.ts';
import { manifest, newFolder, scenario } from '../../support/scenario.ts';

const rows = [
  ...[0, 1, 2].map((n) => ({ action: 'suspend-user', email: person(n).email })),
  { action: 'create-group', groupName: 'alumni' },
  { action: 'add-user-to-group', email: person(1).email, groupName: 'alumni' },
  { action: 'suspend-user', email: 'nobody@example.com' },
  { action: 'suspend-user', email: person(4).email, notBefore: '2100-01-01' },
];

describe('a dry run', () => {
  it('shows the plan, asks nothing, and leaves no report that was not asked for', async () => {
    await using s = await scenario({ people: 5 });
    const cwd = newFolder();
    const { code, stderr } = await s.leavers(['run', manifest(rows), '-n'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('Plan: 5 to change');
    expect([s.changes(), existsSync(join(cwd, 'reports'))]).toEqual([[], false]);
  });

  it('writes what it would do into the report that is named, and a later resume does exactly that', async () => {
    await using s = await scenario({ people: 5 });
    const dry = await s.run(rows, ['-n']);
    expect(dry.code).toBe(0);
    expect(dry.outcomes).toEqual([...Array.from({ length: 5 }, () => 'planned'), 'not-found', 'held']);
    expect(dry.lines.filter(({ event }) => event === 'row-sent')).toEqual([]);
    expect(s.changes()).toEqual([]);
    const again = await s.run(dry.manifest, ['--resume'], { report: dry.report });
    expect([again.code, s.changes().length]).toEqual([0, 5]);
  });

  it('of a report that a real run has begun says what is left, and adds no line to it', async () => {
    await using s = await scenario({ people: 5 });
    const { manifest: path, report } = await s.run(rows);
    const before = readFileSync(report, 'utf8');
    const { code, stderr } = await s.leavers(['run', path, '-n', '--report', report, '--resume']);
    expect([code, readFileSync(report, 'utf8')]).toEqual([0, before]);
    expect(stderr).toContain('Plan: 0 to change');
  });

  it('is refused by the guards like a real one', async () => {
    await using s = await scenario({ people: 5 });
    const path = manifest([{ action: 'remove-user', email: person(1).email }]);
    const { code, stderr } = await s.leavers(['run', path, '-n']);
    expect(code).toBe(78);
    expect(stderr).toContain('--allow remove-user');
  });
});

describe('a plan', () => {
  it('names every irreversible row with the person, the role and the product', async () => {
    await using s = await scenario({ people: 9 });
    const removals = Array.from({ length: 8 }, (_, n) => ({ action: 'remove-user', email: person(n).email }));
    const { stdout } = await s.leavers(['plan', manifest(removals), '--allow', 'remove-user']);
    const named = removals.filter((_, n) => stdout.includes(`Person ${n} <person${n}@example.com>`));
    expect(named).toHaveLength(8);
  });
});

describe('a rehearsal', () => {
  it('is marked in summary, page and evidence', async () => {
    await using s = await scenario({ people: 1 });
    const args = ['run', manifest([{ action: 'suspend-user', email: 'ada@example.com' }]), '--sandbox'];
    const report = join(newFolder(), 'r.ndjson');
    const { stdout } = await s.leavers([...args, '--report', report]);
    const [html, evidence] = [`${report}.html`, `${report}.csv`];
    await s.leavers(['report', report, '--html', html, '--evidence', evidence]);
    const views = [stdout, readFileSync(html, 'utf8'), readFileSync(evidence, 'utf8')];
    expect(views.map((view) => view.includes('REHEARSAL'))).toEqual([true, true, true]);
  });
});
