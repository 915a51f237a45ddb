// What the evidence says of access that a later row gave back, over all actions that close a part and their inverses.
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../../src/actions/action.ts';
import { actions } from '../../../../src/actions/action-table.ts';
import { fieldsOf } from '../../../../src/actions/undo-row.ts';
import type { ActionName, Fields } from '../../../../src/model.ts';
import { lastRowsAndFindings, openReportSet } from '../../../../src/report/read/report-set.ts';
import { evidenceTable } from '../../../../src/report/views/evidence.ts';
import { started, type Wanted, writeReport } from '../../../support/report-fixture.ts';
import { path } from '../../../support/scenario.ts';

type Line = Readonly<Record<string, unknown>>;

const ada = { accountId: '557058:1', email: 'ada@example.com' };
const wiki = 'ari:cloud:confluence::site/1';
const own = { role: 'atlassian/user', resource: wiki };
const before = { email: ada.email, groups: [{ id: 'g-1', name: 'Ops' }] };
/** What a row of each action is about, and what its result holds. */
const details: Readonly<Partial<Record<ActionName, Wanted>>> = {
  'remove-user': { result: { before, held: [own] } },
  'remove-user-from-group': { groupId: 'g-1', groupName: 'Ops' },
  'revoke-user-role': { fields: own, result: { held: [own] } },
};
const columns = {
  suspended: 'suspended',
  removed: 'removed',
  deactivated: 'deactivated',
  groups: 'groups',
  roles: 'directRoles',
} as const;

const rowOf = (action: ActionName, more: Wanted = {}): Wanted => ({
  action,
  key: crypto.randomUUID(),
  ...ada,
  ...details[action],
  ...more,
});

/** The rows that undo makes of a row, as a report has them. */
function inverseOf(action: ActionName, more: Wanted = {}): Wanted[] {
  const { fields, result = null } = rowOf(action) as { fields?: object; result?: unknown };
  const named = fieldsOf({
    ...ada,
    groupId: null,
    groupName: null,
    reference: null,
    fields: {},
    ...rowOf(action),
  } as never);
  const way = actions[action].undo({ fields: { ...named, ...fields }, result });
  if (typeof way === 'string') throw new Error(`${action} has no inverse`);
  return way.rows.map(
    ({ action: name, accountId = null, email = null, groupId = null, groupName = null, ...rest }) =>
      ({
        action: name,
        key: crypto.randomUUID(),
        accountId,
        email,
        groupId,
        groupName,
        fields: rest as Fields,
        ...more,
      }) as Wanted,
  );
}

async function evidence(rows: readonly Wanted[], start = {}): Promise<Line[]> {
  const reports = await openReportSet([writeReport(path('r.ndjson'), rows, { start })]);
  const runOf = () => ({ start: { ...started, ...start } });
  return await Array.fromAsync(evidenceTable(() => lastRowsAndFindings(reports), { runOf, isIntact: true }).rows);
}

const closing = Object.values(actions).flatMap(({ name, closes }: Action) =>
  closes === undefined || closes === 'tokens' ? [] : [[name, closes] as const],
);
const ending = closing.filter(([, part]) => part !== 'groups' && part !== 'roles');

describe('access that was closed and given back', () => {
  it.each(closing)('by the inverse of %s is named as given back', async (action, part) => {
    const [line] = await evidence([rowOf('deactivate-user'), rowOf(action), ...inverseOf(action)]);
    expect(line?.[columns[part]]).toMatch(/ \(given back by [a-z-]+ on 2026-11-24T12:00:0\d.000Z\)$/);
  });

  it.each(closing)('and closed once more by %s counts as closed', async (action, part) => {
    const [line] = await evidence([rowOf('deactivate-user'), rowOf(action), ...inverseOf(action), rowOf(action)]);
    expect(String(line?.[columns[part]]).split('; ').at(-1)).toMatch(/12:00:0[4-9].000Z$/);
  });

  it.each(ending)('is not closed after the inverse of %s', async (action) => {
    const [line, ...more] = await evidence([rowOf(action), ...inverseOf(action)]);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ outcome: 'given back', removedAt: null, delayHours: null });
    expect(line?.['open']).toMatch(/^access, given back by [a-z-]+ on 2026-11-24T12:00:02.000Z; not verified$/);
    expect(line?.['verified']).toMatch(/^access was ended, given back by .*; chain intact$/);
  });

  it.each(['unknown', 'failed'] as const)(
    'may be open after an inverse that is %s and may have arrived',
    async (outcome) => {
      const [line] = await evidence([
        rowOf('suspend-user'),
        ...inverseOf('suspend-user', { outcome, ambiguous: true }),
      ]);
      expect(line).toMatchObject({
        outcome: 'given back',
        open: expect.stringMatching(/may have been given back/) as string,
      });
    },
  );

  it.each(['failed', 'skipped', 'held', 'planned'] as const)(
    'stays closed after an inverse that is %s',
    async (outcome) => {
      const [line] = await evidence([rowOf('suspend-user'), ...inverseOf('suspend-user', { outcome })]);
      expect(line).toMatchObject({ outcome: 'done', removedAt: '2026-11-24T12:00:01.000Z' });
    },
  );

  it('counts as closed while another row ends all access', async () => {
    const [line] = await evidence([rowOf('suspend-user'), rowOf('deactivate-user'), ...inverseOf('suspend-user')]);
    expect(line).toMatchObject({ action: 'deactivate-user', outcome: 'done', removedAt: '2026-11-24T12:00:02.000Z' });
  });

  it('is not touched by what comes before it, by other people, and by the inverse of something else', async () => {
    const other = { accountId: '557058:2', email: 'grace@example.com' };
    const rows = [
      ...inverseOf('suspend-user'),
      rowOf('suspend-user'),
      ...inverseOf('suspend-user', other),
      ...inverseOf('deactivate-user'),
    ];
    expect(await evidence(rows)).toMatchObject([{ outcome: 'done', removedAt: '2026-11-24T12:00:02.000Z' }]);
  });

  it('belongs to the account that had the address last', async () => {
    const heir = { accountId: '557058:2', email: ada.email };
    const lines = await evidence([
      rowOf('remove-user'),
      rowOf('remove-user', heir),
      ...inverseOf('remove-user').slice(0, 1),
    ]);
    expect(lines.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([
      ['557058:1', 'done'],
      ['557058:2', 'given back'],
    ]);
  });
});

describe('the actions', () => {
  it.each(closing)('name what the inverse of %s gives back', (action, part) => {
    const backs = inverseOf(action).map(({ action: name }) => actions[name as ActionName].givesBack);
    expect(backs[0]).toContain(part);
  });
});
