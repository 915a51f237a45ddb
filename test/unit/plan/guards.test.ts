// Guards as pure functions: what is refused, what stops a run, and the sentences that say so.
import { describe, expect, it } from 'vitest';
import { changesIn, planRefusals, tooManyFailures } from '../../../src/plan/guards.ts';
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
