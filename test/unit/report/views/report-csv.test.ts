// The tables that leave the program: opened by spreadsheets without harm, complete, one line a row or a leaver.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../../support/in-process.ts';
import { path } from '../../../support/scenario.ts';
import { refused, type Wanted, writeReport } from '../../../support/report-fixture.ts';

async function tableOf(flag: '--csv' | '--evidence', rows: readonly Wanted[]) {
  const out = path('table.csv');
  const { code } = await leavers(['report', writeReport(path('r.ndjson'), rows), flag, out]);
  const text = readFileSync(out, 'utf8');
  return { code, text, rows: parse<Record<string, string>>(text, { bom: true, columns: true }) };
}

describe('report --csv', () => {
  it('has the columns of the manifest that are in use, then what became of each row', async () => {
    const roles = [
      { role: 'atlassian/user', resource: 'ari:x' },
      { role: 'atlassian/admin', resource: 'ari:x' },
    ];
    const { rows } = await tableOf('--csv', [
      { fields: { notBefore: '2026-11-24T00:00:00.000Z' } },
      {
        ...refused('ADMIN-409-5', 'Group not empty'),
        action: 'assign-group-roles',
        email: null,
        accountId: null,
        groupName: 'design',
        fields: { roles },
      },
    ]);
    expect(rows[0]).toMatchObject({
      reference: 'HR-1',
      action: 'suspend-user',
      email: 'person1@example.com',
      outcome: 'done',
      requestId: 'trace-1',
      line: '2',
    });
    expect(rows[1]).toMatchObject({
      groupName: 'design',
      roles: 'atlassian/user@ari:x;atlassian/admin@ari:x',
      errorCode: 'ADMIN-409-5',
      status: '403',
    });
    expect(Object.keys(rows[0] ?? {})).not.toContain('groupId');
  });

  it('begins with a byte order mark, ends lines as spreadsheets do, and quotes what has to be', async () => {
    const { text, rows } = await tableOf('--csv', [{ message: 'one\ntwo, "three"; vier' }]);
    expect([text.charCodeAt(0), text.endsWith('\r\n')]).toEqual([0xfeff, true]);
    expect(rows[0]?.['message']).toBe('one\ntwo, "three"; vier');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])('defuses %j', async (formula) => {
    const { rows } = await tableOf('--csv', [{ reference: formula, message: formula }]);
    expect([rows[0]?.['reference'], rows[0]?.['message']]).toEqual([`'${formula}`, `'${formula}`]);
  });

  it('names a rehearsal in each row, and has no column for it otherwise', async () => {
    const [report, csv] = [path('r.ndjson'), path('rows.csv')];
    const args = [
      'run',
      'samples/personio.csv',
      '--job',
      'personio',
      '--sandbox',
      '--rate',
      'none',
      '--report',
      report,
    ];
    await leavers([...args, '--max-changes', '9']);
    await leavers(['report', report, '--csv', csv]);
    expect(readFileSync(csv, 'utf8').match(/,REHEARSAL\r$/gm)).toHaveLength(3);
    expect(Object.keys((await tableOf('--csv', [{}])).rows[0] ?? {})).not.toContain('rehearsal');
  });

  it('is a line a row, with the last outcome, however often it was run', async () => {
    const again: Wanted[] = [{ ...refused('X-1', 'no'), key: 'aa'.repeat(16) }, { key: 'aa'.repeat(16) }];
    const { rows } = await tableOf('--csv', again);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['done']);
  });
});

describe('report --evidence', () => {
  const due = { notBefore: '2026-11-24T09:00:00.000Z' };

  it('is one line a leaver: reference, effective date, when access ended, how late, by whom, and what shows it', async () => {
    const { rows } = await tableOf('--evidence', [{ fields: due }]);
    expect(rows).toEqual([
      {
        reference: 'HR-1',
        email: 'person1@example.com',
        accountId: '557058:1',
        effectiveDate: '2026-11-24T09:00:00.000Z',
        removedAt: '2026-11-24T12:00:01.000Z',
        delayHours: '3',
        action: 'suspend-user',
        outcome: 'done',
        by: 'ida',
        requestId: 'trace-1',
        verified: 'HTTP 204; chain intact',
        runId: 'run-1',
        lineHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        organization: '6665a2c0-4644-4c88-9b2c-68cc0b1d15b8',
        rehearsal: '',
        approvedBy: '',
        suspended: '2026-11-24T12:00:01.000Z',
        ...Object.fromEntries(
          ['removed', 'deactivated', 'groups', 'directRoles', 'admin', 'tokens'].map((name) => [name, '']),
        ),
        auditEvent: '',
        auditActor: '',
        open: 'not verified',
        notCovered: expect.stringMatching(/^sessions, OAuth grants, .*, automation rules$/) as string,
        seal: expect.stringMatching(/^sha256:[0-9a-f]{32}$/) as string,
      },
    ]);
  });

  it.each([
    [{ attempts: 0 }, 'no access was ended (nothing was sent)'],
    [{ attempts: 2 }, 'no access was ended (failed)'],
    [{ attempts: 2, ambiguous: true }, 'it is unknown whether access was ended (failed)'],
    [{ attempts: 0, ambiguous: true }, 'it is unknown whether access was ended (failed)'],
  ])('says of a row that failed what that means for the person: %j', async (made, words) => {
    const { rows } = await tableOf('--evidence', [{ outcome: 'failed', status: null, ...made }]);
    expect(rows[0]?.['verified']).toBe(`${words}; chain intact`);
  });

  it('names a person once, by the first row that ended access, and leaves out who did not leave', async () => {
    const ada = { accountId: '557058:ada', email: 'ada@example.com' };
    const { rows } = await tableOf('--evidence', [
      { ...refused('X-1', 'no'), ...ada },
      { ...ada },
      { ...ada, action: 'remove-user' },
      { action: 'restore-user' },
      { outcome: 'skipped', reason: 'admin', attempts: 0, status: null },
    ]);
    expect(rows.map(({ email, action, outcome }) => [email, action, outcome])).toEqual([
      ['ada@example.com', 'suspend-user', 'done'],
      ['person5@example.com', 'suspend-user', 'skipped'],
    ]);
    expect(rows[1]?.['removedAt']).toBe('');
  });
});

describe('a row with the account id of one person and the e-mail of another', () => {
  it('has a line of its own in the evidence and counts for neither of them', async () => {
    const [ada, ben] = [{ accountId: '557058:ada', email: 'ada@example.com' }, 'ben@example.com'];
    const skipped = { outcome: 'skipped', reason: 'mismatch', attempts: 0, status: null } as const;
    const { rows } = await tableOf('--evidence', [{ ...ada }, { ...ada, email: ben, ...skipped }]);
    expect(rows.map(({ email, verified }) => [email, verified])).toEqual([
      ['ada@example.com', 'HTTP 204; chain intact'],
      [ben, 'no access was ended (skipped: account id and e-mail belong to two people); chain intact'],
    ]);
  });
});

describe('files that are there', () => {
  it.each(['--csv', '--html', '--evidence', '--retry'])('%s leaves them as they are', async (flag) => {
    const report = writeReport(path('r.ndjson'), [{}]);
    const before = readFileSync(report);
    const { code } = await leavers(['report', report, flag, report]);
    expect([code, readFileSync(report).equals(before)]).toEqual([73, true]);
  });
});
