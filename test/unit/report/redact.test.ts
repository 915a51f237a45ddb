// `report --redact`: no name and no address of a report stands in any view, the same value has the same pseudonym, and ids are kept.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { type Wanted, writeReport } from '../../support/report-fixture.ts';
import { path } from '../../support/scenario.ts';

/** Every view of a report, as one text. */
async function viewsOf(report: string): Promise<{ text: string; codes: number[] }> {
  const files = ['page.html', 'rows.csv', 'rows.json', 'evidence.csv'].map(path);
  const [html = '', csv = '', json = '', evidence = ''] = files;
  const flags = ['--redact', '--html', html, '--csv', csv, '--evidence', evidence];
  const all = [await leavers(['report', report, ...flags]), await leavers(['report', report, '--redact', '--json'])];
  all.push(await leavers(['report', report, '--redact', '--csv', json]));
  // The files that the command line names are the user's own.
  const said = all.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  const text = [said, ...files.map((each) => readFileSync(each, 'utf8'))].join('\n');
  for (const each of files) if (existsSync(each)) rmSync(each);
  return { text, codes: all.map(({ code }) => code) };
}

/** A row that names somebody wherever a row can. */
function rowAbout(name: string, email: string, outcome: 'done' | 'failed' | 'unknown' | 'invalid' | 'held'): Wanted {
  const words = `${name} <${email}> is an organization admin`;
  return {
    email,
    outcome,
    groupName: `team of ${email}`,
    reference: `for ${name}`,
    file: `${name}.csv`,
    message: words,
    error: { code: outcome === 'failed' ? 'ADMIN-400-4' : name, title: words, detail: words, traceId: email },
    requestId: words,
    result: {
      before: { email, groups: [{ id: '1', name }] },
      products: [{ id: name, key: name, lastActive: name }],
      seats: [{ key: name, id: words, through: [{ id: words, name }] }],
    },
    fields: {
      description: words,
      notificationText: words,
      groups: [`team of ${email}`, name],
      notBefore: '2026-01-01',
    },
  };
}

const word = fc.stringMatching(/^[a-zäöüß]{5,9}$/).map((text) => `qx${text}`);
const outcome = fc.constantFrom('done', 'failed', 'unknown', 'invalid', 'held');

describe('report --redact', () => {
  it('lets no name and no address of a report into any view', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(word, word, outcome), { minLength: 1, maxLength: 4 }), async (people) => {
        const rows = people.map(([first, last, how]) =>
          rowAbout(`${first} ${last}`, `${first}.${last}@example.com`, how),
        );
        const [first, last] = people[0] ?? ['', ''];
        const [name, email] = [`${first} ${last}`, `${first}.${last}@example.com`];
        const manifests = [{ path: `lists/${name}.csv`, sha256: 'ab'.repeat(32), rows: rows.length }];
        const approvals = [{ approver: email, time: '2026-01-01T00:00:00.000Z' }];
        const start = {
          operator: name,
          prices: { currency: name, perSeat: { [name]: 1 } },
          orgName: name,
          job: `${name}.json`,
          manifests,
          approvals,
          unmatchedGuards: [email, name],
        };
        const settings = { baseUrl: `https://${first}/`, allow: [name], timeoutMs: 5 };
        const report = writeReport(path(`${first}.ndjson`), rows, {
          start: { ...start, settings },
          end: { reason: `${name} ${email}` },
        });
        const { text, codes } = await viewsOf(report);
        expect(codes).toEqual([0, 0, 0]);
        for (const secret of people.flatMap(([one, two]) => [one, two])) expect(text).not.toContain(secret);
      }),
      { numRuns: 12 },
    );
  });

  it('keeps ids, codes, dates, hints and tickets, and has one pseudonym for one value', async () => {
    const admin = { code: 'ADMIN-400-4', title: 'Invalid', detail: 'Ada is an organization admin', traceId: 't-1' };
    const rows = [
      { email: 'Ada@example.com', outcome: 'failed' as const, status: 400, error: admin },
      { email: 'ada@example.com', action: 'remove-user' as const, reference: 'INC-77' },
      { email: 'bob@example.com', groupName: 'Execs', groupId: '20000000-0000-4000-8000-000000000001' },
    ];
    const report = writeReport(path('r.ndjson'), rows);
    const { stdout } = await leavers(['report', report, '--redact', '--csv', '-']);
    expect(stdout.match(/person-\d@redacted\.invalid/g)).toEqual([1, 1, 2].map((n) => `person-${n}@redacted.invalid`));
    for (const kept of [
      '557058:1',
      'INC-77',
      'group-1',
      '20000000-0000-4000-8000-000000000001',
      'ADMIN-400-4',
      't-1',
      'trace-2',
    ])
      expect(stdout).toContain(kept);
    expect((await leavers(['report', report, '--redact'])).stdout).toContain('revoke the role org-admin first');
  });

  it('takes what stands in place of an account id and is none for a name', async () => {
    const ids = ['Ada_Lovelace', '557058:10000000-0000-4000-8000-000000000001', '5b10ac8d82e05b22cc7d4ef5'];
    const report = writeReport(
      path('r.ndjson'),
      ids.map((accountId) => ({ accountId, email: null })),
    );
    const { text } = await viewsOf(report);
    expect(ids.map((id) => text.includes(id))).toEqual([false, true, true]);
    expect(text).toContain('account-1');
  });

  it('refuses a retry manifest, and names no report to go on with', async () => {
    const report = writeReport(path('r.ndjson'), [{ outcome: 'failed' }]);
    const { code, stderr } = await leavers(['report', report, '--redact', '--retry', path('again.csv')]);
    expect([code, stderr]).toEqual([64, expect.stringContaining('--redact')]);
    expect((await leavers(['report', report, '--redact'])).stdout).not.toMatch(/Next|r\.ndjson/);
  });
});
