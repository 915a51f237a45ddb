// Guards as pure functions: what is refused, what stops a run, and the sentences that say so.
import { describe, expect, it } from 'vitest';
import {
  changesIn,
  fitsPattern,
  guardNotes,
  planRefusals,
  protection,
  refuseFewRows,
  refuseOldInput,
  tooManyFailures,
} from '../../../src/plan/guards.ts';
import type { GuardSettings, Limit } from '../../../src/config/settings.ts';

const guards = (more: Partial<GuardSettings> = {}): GuardSettings => ({
  allow: [],
  accept: [],
  maxPlanAgeMs: 604_800_000,
  maxChanges: { count: 500 },
  maxFailures: { percent: 10 },
  protect: new Set<string>(),
  includeAdmins: false,
  operator: 'me',
  ...more,
});

describe('refusals', () => {
  it('name each irreversible action that is not allowed, with the flag to add', () => {
    const found = planRefusals({ byAction: { 'remove-user': 2, 'suspend-user': 3 }, people: undefined }, guards());
    expect(found.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "refused: 2 × remove-user can't be undone; add --allow remove-user to permit it",
      ]
    `);
    expect(
      planRefusals({ byAction: { 'remove-user': 2 }, people: undefined }, guards({ allow: ['remove-user'] })),
    ).toEqual([]);
  });

  it.each([
    [500, { count: 500 }, undefined, 0],
    [501, { count: 500 }, undefined, 1],
    [5, { percent: 5 }, 100, 0],
    [6, { percent: 5 }, 100, 1],
    [1, { percent: 5 }, undefined, 1],
    [0, { percent: 5 }, undefined, 0],
  ] as const)('%i changes with a limit of %j among %s people: %i refusals', (count, maxChanges, people, expected) => {
    expect(planRefusals({ byAction: { 'suspend-user': count }, people }, guards({ maxChanges }))).toHaveLength(
      expected,
    );
  });

  it('say both numbers and what to do', () => {
    const [refusal] = planRefusals({ byAction: { 'suspend-user': 612 }, people: undefined }, guards());
    expect(refusal?.message).toBe(
      'refused: 612 changes, but --max-changes is 500; split the manifest or raise the limit',
    );
  });

  it('in percent are checked neither way by a plan that looks nobody up', () => {
    const changes = { byAction: { 'suspend-user': 9 }, people: undefined };
    const settings = guards({ maxChanges: { percent: 1 } });
    expect(planRefusals(changes, settings)).toHaveLength(1);
    expect(planRefusals({ ...changes, isOffline: true }, settings)).toEqual([]);
  });

  it('do not count reading as a change', () => {
    expect(changesIn({ 'get-last-active': 900, 'suspend-user': 1 })).toBe(1);
  });
});

describe('failures', () => {
  it.each([
    [2, 19, { percent: 10 }, false],
    [2, 20, { percent: 10 }, false],
    [3, 20, { percent: 10 }, true],
    [3, 3, { count: 3 }, false],
    [4, 4, { count: 3 }, true],
    [1, 1, { count: 0 }, true],
  ] as [number, number, Limit, boolean][])('%i of %i with %j stops: %s', (failed, finished, limit, stops) => {
    expect(tooManyFailures(failed, finished, limit) !== undefined).toBe(stops);
  });
});

describe('protection', () => {
  const nobody = { people: [], groups: [], admin: undefined };
  it.each([
    ['an admin', { admin: true }, {}, 'admin'],
    ['an admin who is included', { admin: true }, { includeAdmins: true }, undefined],
    ['no admin', { admin: false, tellsAdmins: true }, {}, undefined],
    ['somebody of whom v2 does not tell', { tellsAdmins: true }, {}, 'admin'],
    ['somebody of whom v2 does not tell, included', { tellsAdmins: true }, { includeAdmins: true }, undefined],
    ['somebody of whom v1 tells nothing', {}, {}, undefined],
    ['the operator', { people: ['ME@example.com'] }, { operator: 'me@example.com' }, 'protected'],
    ['a login that looks like a person', { people: ['me'] }, { operator: 'me', isLogin: true }, undefined],
    ["the operator's account", { people: ['557058:me'] }, { operatorIds: ['557058:me'] }, 'protected'],
    ['somebody else', { people: ['you'] }, { operatorIds: ['557058:me'] }, undefined],
    ['a pattern', { people: ['jo@board.example.com'] }, { patterns: ['*@board.example.com'] }, 'protected'],
    ['a pattern for an id', { people: ['557058:jo'] }, { patterns: ['*'] }, undefined],
    ['a group on the list', { groups: ['Board'] }, { protect: new Set(['board']) }, 'protected'],
  ] as const)('of %s', (_, subject, more, reason) => {
    expect(protection({ ...nobody, ...subject }, guards(more))?.reason).toBe(reason);
  });

  it('names the entry that stands for the person', () => {
    const resolved = new Map([['557058:jo', 'jo@example.com']]);
    const found = protection({ ...nobody, people: ['557058:jo'] }, guards({ resolved }));
    expect(found?.message).toBe('557058:jo is protected by jo@example.com on the list of protected people and groups');
    const own = protection({ ...nobody, people: ['jo'] }, guards({ protect: new Set(['jo']) }));
    expect(own?.message).toBe('jo is on the list of protected people and groups');
  });

  it.each([
    ['jo@board.example.com', '*@board.example.com', true],
    ['jo@example.com', '*@board.example.com', false],
    ['jo.ceo@example.com', 'jo.*@example.com', true],
    ['jo@example.com', 'jo.*@example.com', false],
    ['ab@x', 'ab*b@x', false],
    ['abb@x', 'ab*b@x', true],
    ['a1b2c@x', 'a*b*c@x', true],
    ['a1c2b@x', 'a*b*c@x', false],
    ['xay@x', '*a*a*@x', false],
    ['xaay@x', '*a*a*@x', true],
  ])('%s fits %s: %s', (email, pattern, fits) => {
    expect(fitsPattern(email, pattern)).toBe(fits);
  });

  it.each([
    [undefined, /--offline looks nobody up/],
    [['a'], /^1 .* matches nobody/],
    [['a', 'b'], /^2 .* match nobody/],
  ] as const)('without effect (%j) is said', (unmatched, words) => {
    expect(guardNotes(unmatched)).toEqual([expect.stringMatching(words)]);
    expect(guardNotes([])).toEqual([]);
  });
});

describe('an input', () => {
  it.each([
    [9, undefined, undefined, false],
    [9, { count: 10 }, undefined, true],
    [10, { count: 10 }, undefined, false],
    [44, { percent: 90 }, 50, true],
    [45, { percent: 90 }, 50, false],
    [1, { percent: 90 }, undefined, false],
  ] as const)('of %i rows with --min-rows %j after %s is refused: %s', (rows, minRows, before, isRefused) => {
    expect(refuseFewRows({ rows, before }, { minRows }) !== undefined).toBe(isRefused);
  });

  it.each([
    [undefined, undefined, false],
    [undefined, 1000, true],
    [1000, 1000, false],
    [1001, 1000, true],
  ])('of age %s with --max-input-age %s is refused: %s', (age, maxInputAgeMs, isRefused) => {
    expect(refuseOldInput(age, { maxInputAgeMs }) !== undefined).toBe(isRefused);
  });

  it('of a share needs the number of people', () => {
    const [refusal] = planRefusals(
      { byAction: { 'suspend-user': 1 }, people: undefined },
      guards({ maxChanges: { percent: 5 } }),
    );
    expect(refusal?.message).toContain('does not show how many people');
  });
});
