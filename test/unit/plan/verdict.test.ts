// Verdicts: every rule that speaks, and which speaks first.
import { describe, expect, it } from 'vitest';
import type { GuardSettings } from '../../../src/config/settings.ts';
import { isFinished, type LookupResult, planRow } from '../../../src/plan/verdict.ts';
import type { ActionName, Fields, JobRecord, Person } from '../../../src/model.ts';

const now = Date.parse('2026-11-24T00:00:00Z');
const guards: GuardSettings = {
  allow: [],
  accept: [],
  maxPlanAgeMs: 604_800_000,
  maxChanges: { count: 500 },
  maxFailures: { percent: 10 },
  protect: new Set(['ceo@example.com', 'board']),
  includeAdmins: false,
  operator: 'me@example.com',
};
const ada: Person = {
  accountId: '557058:ada',
  email: 'ada@example.com',
  accountType: 'atlassian',
  status: 'active',
  admin: false,
  addedToOrg: '2020-01-01T00:00:00Z',
};
const nothing: LookupResult = {
  person: undefined,
  group: undefined,
  groupIds: new Map(),
  activity: undefined,
  created: false,
  sent: 'no',
  now,
};

const record = (action: ActionName, fields: Fields): JobRecord => ({
  key: 'k',
  row: 1,
  file: 'a.csv',
  line: 2,
  action,
  fields,
});
const verdict = (action: ActionName, fields: Fields, known: Partial<LookupResult>, more: Partial<GuardSettings> = {}) =>
  planRow(record(action, fields), { ...nothing, ...known }, { ...guards, ...more }).verdict;
const suspend = (known: Partial<LookupResult>, fields: Fields = {}) =>
  verdict('suspend-user', { email: 'ada@example.com', ...fields }, known);

describe('a record', () => {
  it('runs when nothing speaks against it, with its ids resolved', () => {
    const planned = planRow(record('suspend-user', { email: 'ada@example.com' }), { ...nothing, person: ada }, guards);
    expect(planned.verdict).toEqual({ verdict: 'run', ambiguous: false });
    expect(planned.target.accountId).toBe('557058:ada');
  });

  it('is held until it is due, and runs from that instant on', () => {
    expect(suspend({ person: ada }, { notBefore: '2026-11-24T00:00:00.001Z' }).verdict).toBe('held');
    expect(suspend({ person: ada }, { notBefore: '2026-11-24T00:00:00.000Z' }).verdict).toBe('run');
  });

  it('is not found when its e-mail or group name is not in the directory', () => {
    expect(suspend({ person: null })).toMatchObject({ verdict: 'skip', reason: 'not-found' });
    expect(verdict('delete-group', { groupName: 'ghosts' }, { group: null })).toMatchObject({ reason: 'not-found' });
  });

  it('goes out by account id even when the directory does not show the person', () => {
    expect(verdict('suspend-user', { accountId: '557058:x' }, {}).verdict).toBe('run');
  });

  it('is already so when reading says so', () => {
    expect(suspend({ person: { ...ada, status: 'suspended' } }).verdict).toBe('already');
    expect(verdict('restore-user', { email: 'ada@example.com' }, { person: ada }).verdict).toBe('already');
    const member = { ...ada, groups: [{ id: 'g1', name: 'alumni' }] };
    const fields = { email: 'ada@example.com', groupId: 'g1' };
    expect(verdict('add-user-to-group', fields, { person: member }).verdict).toBe('already');
    expect(verdict('remove-user-from-group', fields, { person: member }).verdict).toBe('run');
    expect(verdict('remove-user-from-group', fields, { person: { ...ada, groups: [] } }).verdict).toBe('already');
  });

  it('waits for a group that an earlier row creates', () => {
    const fields = { email: 'ada@example.com', groupName: 'Alumni ' };
    const planned = planRow(
      record('add-user-to-group', fields),
      { ...nothing, person: ada, group: null, created: true },
      guards,
    );
    expect(planned).toMatchObject({ verdict: { verdict: 'run' }, pendingGroups: ['alumni'] });
  });
});

describe('protection', () => {
  it.each([
    ['a person on the list', { email: 'ceo@example.com' }, 'protected'],
    ['whoever runs it', { email: 'me@example.com' }, 'protected'],
  ])('%s is unchanged', (_, fields, reason) => {
    expect(verdict('suspend-user', fields, { person: { ...ada, email: fields.email } })).toMatchObject({
      verdict: 'skip',
      reason,
    });
  });

  it('finds a protected person behind an account id', () => {
    expect(
      verdict('remove-user', { accountId: '557058:ada' }, { person: { ...ada, email: 'ceo@example.com' } }),
    ).toMatchObject({ reason: 'protected' });
  });

  it('covers groups', () => {
    expect(verdict('delete-group', { groupName: 'Board' }, { group: { groupId: 'g', name: 'Board' } })).toMatchObject({
      reason: 'protected',
    });
  });

  it('covers organization admins until that is lifted', () => {
    const known = { person: { ...ada, admin: true } };
    expect(suspend(known)).toMatchObject({ verdict: 'skip', reason: 'admin' });
    expect(verdict('suspend-user', { email: 'ada@example.com' }, known, { includeAdmins: true }).verdict).toBe('run');
  });

  it('does not stop reading', () => {
    expect(
      verdict('get-last-active', { email: 'ceo@example.com' }, { person: { ...ada, email: 'ceo@example.com' } })
        .verdict,
    ).toBe('run');
  });
});

describe('inactivity', () => {
  const products = (lastActive: string | null, key = 'confluence') => ({
    addedToOrg: '2020-01-01',
    products: [{ id: 'ari', key, lastActive }],
  });
  const ask = (activity: LookupResult['activity'], fields: Fields = {}, person: Person = ada) =>
    suspend({ person, activity }, { onlyIfInactiveDays: 90, ...fields });
  const active = { verdict: 'skip', reason: 'active' };

  it.each([
    ['active within the limit', products('2026-11-01')],
    ['activity that could not be read', 'unread' as const],
    ['activity that was not asked for', undefined],
    ["a date that can't be read", products('soon')],
    ['an account added within the limit', { addedToOrg: '2026-11-01', products: [] }],
  ])('%s never leads to a change', (_, activity) => {
    expect(ask(activity)).toMatchObject(active);
  });

  it('is certain for somebody last seen before the limit, and for somebody old who never came', () => {
    expect(ask(products('2026-01-01')).verdict).toBe('run');
    expect(ask(products(null)).verdict).toBe('run');
    expect(ask({ addedToOrg: '2020-01-01', products: [] }).verdict).toBe('run');
  });

  it('looks at the products that are named', () => {
    const wiki = { id: 'ari', key: 'confluence', lastActive: '2026-01-01' };
    const both = {
      ...products('2026-11-20', 'trello'),
      products: [...products('2026-11-20', 'trello').products, wiki],
    };
    expect(ask(both, { products: ['confluence'] }).verdict).toBe('run');
    expect(ask(both, { products: ['trello'] })).toMatchObject(active);
    expect(ask(products('2026-11-20'), { products: ['confluence'] })).toMatchObject(active);
  });

  it('is never said of a product that somebody has no access to, or none that is known', () => {
    const nobody = ask(products('2026-01-01', 'trello'), { products: ['confluence'] });
    expect(nobody).toMatchObject({ ...active, message: 'no access to confluence is known' });
    const shownProducts = [{ id: 'site', key: 'confluence', lastActive: null }];
    const idle = { addedToOrg: '2020-01-01', products: [] };
    expect(ask(idle, { products: ['confluence'] }, { ...ada, shownProducts }).verdict).toBe('run');
  });

  it('takes a day without a time as that whole day', () => {
    const limit = new Date(now - 90 * 86_400_000).toISOString().slice(0, 10);
    expect(ask(products(limit))).toMatchObject(active);
  });

  it.each([
    ['a family of products', { products: ['jira'] }, '2026-11-20', 'jira-software'],
    ['another spelling of the same', { products: ['jira-servicedesk'] }, '2026-11-20', 'jira-service-desk'],
    ['a product that nobody knows beside one that is idle', { products: ['trelo', 'trello'] }, '2026-01-01', 'trello'],
    ['a product whose key could not be read', { products: ['confluence'] }, '2026-11-20', ''],
    ['a date in a form that only a lenient parser takes', {}, 'last year, May 5', 'confluence'],
    ['a date in a form that nobody knows', {}, 'unreadable', 'confluence'],
  ])('is never certain with %s', (_, fields, last, key) => {
    expect(ask(products(last, key), fields)).toMatchObject(active);
  });

  it('needs to know when the account was added', () => {
    const { addedToOrg: _, ...person } = ada;
    expect(ask({ products: [] }, {}, person)).toMatchObject(active);
  });

  it('leaves apps alone', () => {
    expect(ask(products('2020-01-01'), {}, { ...ada, accountType: 'app' })).toMatchObject(active);
  });
});

describe('a row that a broken run has sent', () => {
  it('is decided by reading where possible', () => {
    expect(suspend({ person: { ...ada, status: 'suspended' }, sent: 'lost' }).verdict).toBe('settled');
    expect(verdict('invite-user', { email: 'ada@example.com' }, { person: ada, sent: 'lost' }).verdict).toBe('settled');
  });

  it('is left to a person when somebody is in, and may have been in before without the role or groups asked for', () => {
    for (const more of [{ role: 'atlassian/user' }, { groups: ['alumni'] }]) {
      const known = { person: ada, sent: 'lost', groupIds: new Map([['alumni', 'g1']]) } as const;
      expect(verdict('invite-user', { email: 'ada@example.com', ...more }, known).verdict).toBe('unknown');
    }
  });

  it('is sent again, and says so, when repeating is harmless', () => {
    expect(suspend({ person: ada, sent: 'lost' })).toEqual({ verdict: 'run', ambiguous: true });
  });

  it('is never repeated on a guess when it is not', () => {
    expect(verdict('invite-user', { email: 'new@example.com' }, { person: null, sent: 'lost' }).verdict).toBe(
      'unknown',
    );
    expect(verdict('invite-user', { email: 'new@example.com' }, { person: null, sent: 'retry' })).toEqual({
      verdict: 'run',
      ambiguous: true,
    });
  });
});

describe('the past', () => {
  it.each([
    ['done', true],
    ['already', true],
    ['unknown', true],
    ['failed', false],
    ['skipped', false],
    ['held', false],
    ['invalid', false],
    ['planned', false],
    [undefined, false],
  ] as const)('%s is past: %s', (outcome, past) => {
    expect(isFinished(outcome, false)).toBe(past);
  });

  it('runs unknown rows again only when asked', () => {
    expect(isFinished('unknown', true)).toBe(false);
  });
});

describe('a removal that was sent', () => {
  it('is settled when the person is gone, though that would else be a person not found', () => {
    const known = { ...nothing, person: null, sent: 'lost' as const };
    expect(planRow(record('remove-user', { email: 'ada@example.com' }), known, guards).verdict.verdict).toBe('settled');
  });
});

describe('what a record takes along', () => {
  const plan = (action: ActionName, fields: Fields, known: Partial<LookupResult>) =>
    planRow(record(action, fields), { ...nothing, ...known }, guards);
  const seat = { id: 'ari:x', key: 'jira-software', lastActive: null };

  it.each([
    ['remove-user', true],
    ['suspend-user', false],
  ] as const)('of %s holds the state before: %s', (action, isKept) => {
    const planned = plan(action, { email: 'ada@example.com' }, { person: ada });
    expect(planned.before !== undefined).toBe(isKept);
  });

  it.each([
    ['the search', { person: { ...ada, products: [seat] }, activity: { products: [] } }],
    ['the activity', { person: ada, activity: { products: [seat] } }],
    ['the older search', { person: { ...ada, shownProducts: [seat] }, activity: 'unread' as const }],
  ])('are the seats that it frees, by %s', (_, known) => {
    expect(plan('suspend-user', { email: 'ada@example.com' }, known).seats).toEqual([seat]);
    expect(plan('restore-user', { email: 'ada@example.com' }, known)).not.toHaveProperty('seats');
  });

  it.each([
    ['no', undefined],
    ['lost', true],
    ['retry', true],
  ] as const)('says whether an earlier run has sent it: %s', (sent, isSent) => {
    expect(plan('suspend-user', { email: 'ada@example.com' }, { person: ada, sent }).sentBefore).toBe(isSent);
  });

  it('are the groups that an earlier row creates, folded, and none that is there', () => {
    const groupIds = new Map([
      ['Alumni', null],
      ['staff', 'g1'],
    ]);
    const fields = { email: 'new@example.com', groups: ['Alumni', 'staff'] };
    const invited = plan('invite-user', fields, { person: null, groupIds });
    expect([invited.pendingGroups, invited.verdict.verdict]).toEqual([['alumni'], 'run']);
    const joined = plan(
      'add-user-to-group',
      { email: 'a@x.com', groupName: 'New' },
      { person: ada, group: null, created: true },
    );
    expect([joined.pendingGroups, joined.verdict.verdict]).toEqual([['new'], 'run']);
    expect(plan('suspend-user', { email: 'a@x.com' }, { person: ada, group: null, created: true })).not.toHaveProperty(
      'pendingGroups',
    );
  });
});

describe('a person or group that does not exist', () => {
  it.each([
    ['remove-user', { accountId: '557058:x' }, 'already'],
    ['suspend-user', { accountId: '557058:x' }, 'skip'],
    ['remove-user', { email: 'ada@example.com' }, 'skip'],
  ] as const)('by %s of %j is %s', (action, fields, expected) => {
    expect(verdict(action, fields, { person: null }).verdict).toBe(expected);
  });

  it('is a group of an invitation that nobody creates', () => {
    const found = verdict('invite-user', { email: 'a@x.com', groups: ['ghosts'] }, { person: null });
    expect(found).toMatchObject({ reason: 'not-found', message: 'ghosts is not in the directory' });
  });

  it.each([
    ['an e-mail', 'suspend-user', { email: 'ada@example.com' }, { person: null }, 'ada@example.com'],
    ['a group', 'delete-group', { groupName: 'Staff' }, { group: null }, 'staff'],
  ] as const)('is %s of several, with five of them to choose from', (_, action, fields, known, name) => {
    const several = new Map([[name, ['1', '2', '3', '4', '5', '6']]]);
    expect(verdict(action, fields, { ...known, several })).toMatchObject({
      message: expect.stringMatching(/matches 6 entries of the directory: 1, 2, 3, 4, 5;/) as string,
    });
  });
});

describe('a row that was sent before', () => {
  it.each(['lost', 'retry'] as const)('(%s) is never already so: it is settled, or sent again as ambiguous', (sent) => {
    expect(suspend({ person: { ...ada, status: 'suspended' }, sent }).verdict).toBe('settled');
    expect(suspend({ person: ada, sent })).toEqual({ verdict: 'run', ambiguous: true });
  });

  it('counts a membership of its own group only', () => {
    const fields = { email: 'ada@example.com', groupId: 'G1' };
    const member = (id: string) => ({ ...ada, groups: [{ id, name: 'alumni' }] });
    expect(verdict('add-user-to-group', fields, { person: member('g1'), sent: 'lost' }).verdict).toBe('settled');
    expect(verdict('add-user-to-group', fields, { person: member('g2'), sent: 'lost' }).verdict).toBe('run');
  });
});
