// The way back: every action's inverse, undo of undo as a property, and what can't be undone with its reason.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions } from '../../../src/actions/action-table.ts';
import { type ActionName, actionNames, type Fields, type OutcomeName } from '../../../src/model.ts';
import { type EndedRow, fieldsOf, undoRow } from '../../../src/actions/undo-row.ts';
import { undoRows } from '../../support/undo-fixture.ts';

const ids = { accountId: '557058:ada', groupId: '9effe894-79f2-4890-8e7f-f9e641b087c4' };

/** The report's line of a row that went well, with everything that the row had. */
function ended(action: ActionName, fields: Fields, outcome: OutcomeName = 'done', result: unknown = null): EndedRow {
  const { accountId = null, email = null, groupId = null, groupName = null, reference = null, ...rest } = fields;
  return { row: 1, action, accountId, email, groupId, groupName, reference, outcome, result, fields: rest };
}

/** The example of an action as a line, with the ids that a run finds. */
function example(action: ActionName): EndedRow {
  const { needs, example: row } = actions[action];
  const fields = Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'action'));
  const found = {
    ...(needs.includes('user') ? { accountId: ids.accountId } : {}),
    ...(needs.includes('group') ? { groupId: ids.groupId } : {}),
  };
  return ended(action, { ...fields, ...found });
}

describe('the inverse', () => {
  it.each(actionNames)('of %s is the one of the manual', (action) => {
    const undo = undoRow(example(action));
    const manual: Readonly<Record<ActionName, string | null>> = {
      'get-last-active': null,
      'suspend-user': 'restore-user',
      'restore-user': 'suspend-user',
      'remove-user': null,
      'invite-user': null,
      'create-group': 'delete-group',
      'delete-group': null,
      'add-user-to-group': 'remove-user-from-group',
      'remove-user-from-group': 'add-user-to-group',
      'assign-group-roles': 'revoke-group-roles',
      'revoke-group-roles': 'assign-group-roles',
      'grant-user-role': 'revoke-user-role',
      'revoke-user-role': 'grant-user-role',
      'deactivate-user': 'reactivate-user',
      'reactivate-user': 'deactivate-user',
      'revoke-api-tokens': null,
    };
    expect(typeof undo === 'object' ? undo.rows[0]?.action : null).toBe(manual[action]);
  });

  const reversible = actionNames.filter((name) => actions[name].risk === 'reversible' && name !== 'create-group');

  it.each(reversible)('of the inverse of %s is the row again, subject and parameters', (action) => {
    const line = example(action);
    const [back] = undoRows([line]).rows;
    if (back === undefined) throw new Error('no way back');
    const { action: other, ...fields } = back;
    expect(undoRows([ended(other, fields)]).rows).toEqual([{ action, ...fieldsOf(line) }]);
  });

  it('of a list is newest first, and undone twice it is the list again', () => {
    const line = fc
      .record({ action: fc.constantFrom(...reversible), reference: fc.string({ minLength: 1 }) })
      .map(({ action, reference }) => ({ ...example(action), reference }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const back = undoRows(lines).rows.map(({ action, ...fields }) => ended(action, fields));
        const again = undoRows(back).rows;
        expect(again).toEqual(lines.map((each) => ({ action: each.action, ...fieldsOf(each) })));
      }),
    );
  });

  it('deletes the group that was made by its id, which the answer gave', () => {
    const line = ended('create-group', { groupName: 'alumni' }, 'done', { groupId: ids.groupId });
    expect(undoRow(line)).toMatchObject({ rows: [{ action: 'delete-group', groupId: ids.groupId }] });
  });

  it('invites a removed person into the groups they had, and says what is lost', () => {
    const before = { email: 'ada@example.com', groups: [{ id: ids.groupId, name: 'alumni' }] };
    const { rows, lost } = undoRows([ended('remove-user', { accountId: ids.accountId }, 'done', { before })]);
    expect(rows).toEqual([{ action: 'invite-user', email: 'ada@example.com', groups: ['alumni'] }]);
    const words = lost.map(({ what }) => what).join('\n');
    expect(words).toMatch(/must be accepted.*\n.*direct roles were not read.*must be granted again$/);
  });
});

describe('a row of several calls that stopped halfway', () => {
  const resource = 'ari:cloud:confluence::site/1';
  const roles = ['atlassian/user', 'atlassian/admin', 'atlassian/guest'].map((role) => ({ role, resource }));
  const broken = (result: object, ambiguous: boolean) => {
    const line = ended('assign-group-roles', { groupId: ids.groupId, roles }, 'failed', result);
    return undoRow({ ...line, ambiguous });
  };

  it('is undone as far as it succeeded, without roles that existed before', () => {
    expect(broken({ held: roles.slice(0, 1), made: 2 }, false)).toEqual({
      rows: [{ action: 'revoke-group-roles', groupId: ids.groupId, roles: roles.slice(1, 2) }],
    });
  });

  it('is undone with a warning when the earlier state, or the result of its last call, is unknown', () => {
    const way = broken({ made: 1 }, true);
    expect(way).toMatchObject({ rows: [{ roles: roles.slice(0, 1) }] });
    expect(typeof way === 'object' && way.lost?.join('\n')).toMatch(/may have been applied; check[^]*were not read/);
  });
});

describe('rows that changed nothing', () => {
  it.each(['already', 'failed', 'skipped', 'held', 'planned'] as const)(
    'because they were %s need no undo',
    (outcome) => {
      for (const action of actionNames) expect(undoRow({ ...example(action), outcome })).toBeUndefined();
    },
  );

  it('because they were invalid or only read have none either', () => {
    expect([undoRow({ ...example('suspend-user'), action: null }), undoRow(example('get-last-active'))]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("rows that can't be undone", () => {
  it.each([
    ['invite-user', 'done', /can't be withdrawn/],
    ['delete-group', 'done', /members, roles and id are lost/],
    ['create-group', 'unknown', /unknown whether it was received/],
    ['invite-user', 'unknown', /unknown whether it was received/],
  ] as const)('%s, %s: the reason is given', (action, outcome, why) => {
    const line = { ...example(action), outcome };
    const { rows, impossible } = undoRows([line]);
    expect(rows).toEqual([]);
    expect(impossible).toEqual([{ line, why: expect.stringMatching(why) }]);
  });

  it('a row that failed after an attempt that may have arrived is one of them', () => {
    const line = { ...example('suspend-user'), outcome: 'failed' as const, ambiguous: true };
    expect(undoRow(line)).toMatch(/may have been applied; check/);
  });

  it('remove-user without an e-mail anywhere is one of them', () => {
    expect(undoRow(ended('remove-user', { accountId: ids.accountId }))).toMatch(/e-mail is not in the report/);
  });
});

describe('a row that may have arrived', () => {
  const doubtful = (outcome: OutcomeName, ambiguous: boolean) =>
    undoRow({ ...ended('suspend-user', { accountId: ids.accountId }, outcome), ambiguous });

  it.each(['skipped', 'held', 'invalid'] as const)(
    'and ended as %s is named; one that did not is left out',
    (outcome) => {
      expect(doubtful(outcome, true)).toMatch(/^an earlier run sent it/);
      expect(doubtful(outcome, false)).toBeUndefined();
    },
  );

  it('and found itself done is left out', () => {
    expect(doubtful('already', true)).toBeUndefined();
  });

  it('is named with the groups of its invitation', () => {
    const fields = { email: 'new@example.com', groups: ['staff', 'alumni'] };
    expect(undoRow(ended('invite-user', fields, 'unknown'))).toMatch(/also its groups staff, alumni$/);
    expect(undoRow(ended('invite-user', { email: 'new@example.com' }, 'unknown'))).not.toMatch(/groups/);
  });
});
