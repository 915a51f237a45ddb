// A rehearsal in the real organization: what a dry run says, what it leaves behind, and that it never changes anything.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { person, serveCompany } from '../../support/organization.ts';
import { folder, leavers, ndjson } from '../../support/spawn.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
let files = 0;
const file = (name: string, text?: string) => {
  const path = join(home.path, `${(files += 1)}-${name}`);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

const rows = [
  ...[0, 1, 2].map((n) => ({ action: 'suspend-user', email: person(n).email })),
  { action: 'create-group', groupName: 'alumni' },
  { action: 'add-user-to-group', email: person(1).email, groupName: 'alumni' },
  { action: 'suspend-user', email: 'nobody@example.com' },
  { action: 'suspend-user', email: person(4).email, notBefore: '2100-01-01' },
];
const manifest = () => file('m.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const ends = (report: string) =>
  ndjson(report)
    .filter(({ event }) => event === 'row')
    .toSorted((a, b) => Number(a['row']) - Number(b['row']))
    .map(({ outcome, reason }) => reason ?? outcome);

describe('a dry run', () => {
  it('shows the plan, asks nothing, and leaves no report that was not asked for', async () => {
    await using served = await serveCompany({ people: 5 });
    const { code, stderr } = await leavers(['run', manifest(), '-n'], { env: served.env, cwd: home.path });
    expect(code).toBe(0);
    expect(stderr).toContain('Plan: 5 to change');
    expect([served.changes(), existsSync(join(home.path, 'reports'))]).toEqual([[], false]);
  });

  it('writes what it would do into the report that is named, and a later resume does exactly that', async () => {
    await using served = await serveCompany({ people: 5 });
    const [path, report] = [manifest(), file('report.ndjson')];
    expect((await leavers(['run', path, '-n', '--report', report], { env: served.env })).code).toBe(0);
    expect(ends(report)).toEqual([...Array.from({ length: 5 }, () => 'planned'), 'not-found', 'held']);
    expect(ndjson(report).filter(({ event }) => event === 'row-sent')).toEqual([]);
    expect(served.changes()).toEqual([]);
    const again = await leavers(['run', path, '--report', report, '--resume', '--yes'], { env: served.env });
    expect([again.code, served.changes().length]).toEqual([0, 5]);
  });

  it('of a report that a real run has begun says what is left, and adds no line to it', async () => {
    await using served = await serveCompany({ people: 5 });
    const [path, report] = [manifest(), file('report.ndjson')];
    await leavers(['run', path, '--report', report, '--yes'], { env: served.env });
    const before = readFileSync(report, 'utf8');
    const { code, stderr } = await leavers(['run', path, '-n', '--report', report, '--resume'], { env: served.env });
    expect([code, readFileSync(report, 'utf8')]).toEqual([0, before]);
    expect(stderr).toContain('Plan: 0 to change');
  });

  it('is refused by the guards like a real one', async () => {
    await using served = await serveCompany({ people: 5 });
    const path = file('m.ndjson', JSON.stringify({ action: 'remove-user', email: person(1).email }));
    const { code, stderr } = await leavers(['run', path, '-n'], { env: served.env });
    expect(code).toBe(78);
    expect(stderr).toContain('--allow remove-user');
  });
});
