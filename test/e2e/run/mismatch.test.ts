// Rows with the id of one person or group and the name of another: they are skipped on both generations, and rows in order cost no call more.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { leavers } from '../../support/in-process.ts';
import { group, person, serveCompany } from '../../support/organization.ts';
import { path } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

/** Runs rows; gives the outcome (or reason) of each, their lines, what was changed, and how many searches were made. */
async function run(rows: readonly object[], api: string, faults: Fault[] = []) {
  await using served = await serveCompany({ people: 4 }, { faults });
  const [manifest, report] = [path('m.ndjson'), path('r.ndjson')];
  writeFileSync(manifest, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const allow = ['--allow', 'remove-user', '--allow', 'delete-group'];
  const args = ['run', manifest, '--report', report, '--yes', '--api', api, ...allow];
  const { code } = await leavers(args, { env: served.env });
  const ends = ndjson(report).filter(({ event }) => event === 'row');
  const lines = ends.toSorted((a, b) => Number(a['row']) - Number(b['row']));
  const outcomes = lines.map(({ outcome, reason }) => reason ?? outcome);
  const searches = served.sandbox.ledger.filter((call) => call.path.endsWith('/search')).length;
  return { code, report, lines, outcomes, changes: served.changes().map((call) => call.path), searches };
}

const idOf = (n: number) => ({ accountId: person(n).accountId });
const emailOf = (n: number) => ({ email: person(n).email });
const searched = (data: readonly object[], body: string): Fault => ({
  match: { method: 'POST', path: '/users/search$', body },
  kind: 'status',
  status: 200,
  body: { data, links: {} },
});

describe.each(['v1', 'v2'])('on API %s a row', (api) => {
  it("with one person's account id and another's e-mail changes neither", async () => {
    const rows = ['suspend-user', 'remove-user', 'get-last-active'].map((action) => ({
      action,
      ...idOf(1),
      ...emailOf(2),
    }));
    const { outcomes, changes, lines } = await run(rows, api);
    expect([outcomes, changes]).toEqual([['mismatch', 'mismatch', 'mismatch'], []]);
    expect(lines[0]).toMatchObject({ outcome: 'skipped', ...idOf(1), ...emailOf(2) });
    expect(lines[0]?.['message']).toBe(
      `account id ${person(1).accountId} (${person(1).email} in the directory) and ${person(2).email} (account id ${person(2).accountId}) are two people; correct the row, or leave out the one that is wrong`,
    );
  });

  it('whose e-mail differs from that of its id in case and spaces only is run', async () => {
    const row = { action: 'suspend-user', ...idOf(1), email: ` ${person(1).email.toUpperCase()} ` };
    expect((await run([row], api)).outcomes).toEqual(['done']);
  });

  it('whose e-mail nobody has is not run when the directory shows another one for its id', async () => {
    const row = { action: 'suspend-user', ...idOf(1), email: 'old-name@example.com' };
    const { outcomes, changes, lines } = await run([row], api);
    expect([outcomes, changes]).toEqual([['mismatch'], []]);
    expect(lines[0]?.['message']).toContain('leave it out if the id is right');
  });

  it('whose id shows no e-mail is compared with the owner of its e-mail', async () => {
    const hidden = [1, 2].map((n) => ({ ...idOf(n), accountType: 'atlassian', status: 'active', platformRoles: [] }));
    const rows = [1, 2].map((n) => ({ action: 'suspend-user', ...idOf(n), ...emailOf(1) }));
    const { outcomes } = await run(rows, api, [searched(hidden, 'accountIds')]);
    expect(outcomes).toEqual(['done', 'mismatch']);
  });

  it('whose e-mail nobody has is run when the directory shows none for its id', async () => {
    const hidden = { ...idOf(1), accountType: 'atlassian', status: 'active', platformRoles: [] };
    const row = { action: 'suspend-user', ...idOf(1), email: 'unknown@example.com' };
    expect((await run([row], api, [searched([hidden], 'accountIds')])).outcomes).toEqual(['done']);
  });

  it('with the id of a person whom the search does not show is compared with the owner of its e-mail', async () => {
    const row = { action: 'suspend-user', accountId: '557058:unseen', ...emailOf(1) };
    const { outcomes, changes } = await run([row], api);
    expect([outcomes, changes]).toEqual([['mismatch'], []]);
  });

  it('with the id of one group and the name of another changes neither', async () => {
    const add = { action: 'add-user-to-group', ...emailOf(1) };
    const names = [group(2).groupName, group(1).groupName.toUpperCase(), 'no-such-group'];
    const rows = names.map((groupName) => ({ ...add, groupId: group(1).groupId, groupName }));
    const { outcomes, lines } = await run([...rows, rows[1] ?? {}], api);
    expect(outcomes).toEqual(['mismatch', 'done', 'mismatch', 'duplicate']);
    expect(lines[0]?.['message']).toContain(`${group(2).groupName} (group id ${group(2).groupId}) are two groups`);
  });

  it('in order is run once, whether the same id stands with a wrong e-mail before or after it', async () => {
    const rows = [2, 1, 1, 3].map((n) => ({ action: 'suspend-user', ...idOf(1), ...emailOf(n) }));
    const { outcomes, changes } = await run(rows, api);
    expect(outcomes).toEqual(['mismatch', 'done', 'duplicate', 'mismatch']);
    expect(changes).toEqual([expect.stringContaining(encodeURIComponent(person(1).accountId))]);
  });

  it.each([
    ['an account id', idOf],
    ['an e-mail', emailOf],
    ['both of one person', person],
  ])('with %s costs one search for all', async (_, named) => {
    const rows = [0, 1, 2, 3].map((n) => ({ action: 'suspend-user', ...named(n) }));
    const { outcomes, searches } = await run(rows, api);
    expect([outcomes, searches]).toEqual([['done', 'done', 'done', 'done'], 1]);
  });

  it('of an undo, which has both, is run', async () => {
    const { report } = await run([{ action: 'suspend-user', ...emailOf(1) }], api);
    const { stdout } = await leavers(['undo', report]);
    const [row = {}] = stdout.split('\n').map((line) => JSON.parse(line || '{}') as object);
    expect(row).toMatchObject({ action: 'restore-user', ...person(1) });
    expect((await run([row], api)).outcomes).toEqual(['already']);
  });

  it('of a retry, which has both, is run', async () => {
    const refusal: Fault = { match: { path: 'suspend' }, kind: 'status', status: 403 };
    const { report } = await run([{ action: 'suspend-user', ...emailOf(1) }], api, [refusal]);
    const retry = path('retry.ndjson');
    await leavers(['report', report, '--retry', retry]);
    expect(ndjson(retry)).toMatchObject([{ action: 'suspend-user', ...emailOf(1) }]);
    expect((await run(ndjson(retry), api)).outcomes).toEqual(['done']);
  });
});
