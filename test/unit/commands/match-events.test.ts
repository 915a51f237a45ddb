// Which event confirms which change: names, subjects, times, doubles and actors, without an organization.
import { describe, expect, it } from 'vitest';
import { EventMatcher } from '../../../src/commands/verify/match-events.ts';
import type { AuditEvent } from '../../../src/directory/read-audit-log.ts';
import type { ActionName } from '../../../src/model.ts';
import type { RowLine } from '../../../src/report/events.ts';

const at = Date.parse('2026-03-04T05:06:07.000Z');
const when = (seconds: number) => new Date(at + seconds * 1000).toISOString();
let rows = 0;

/** A row about a person, or about a person and a group, that ended so many seconds after the start. */
function row(action: ActionName, seconds = 0, groupId: string | null = null): RowLine {
  rows += 1;
  const named = { accountId: 'jo', email: null, groupId, groupName: null };
  return { key: String(rows), row: rows, action, time: when(seconds), ms: 100, ...named } as RowLine;
}

function event(action: string, seconds = 0, other: Partial<AuditEvent> = {}): AuditEvent {
  const actor = { id: 'owner', tokenLabel: 'leavers' };
  return {
    id: `${action} ${seconds}`,
    time: when(seconds),
    action,
    actor,
    subjects: new Set(['jo']),
    groups: new Set(),
    ...other,
  };
}

/** The ids of the events that were found, in the order of the rows. */
function found(lines: readonly RowLine[], events: readonly AuditEvent[], names: Record<string, string> = {}) {
  const matcher = new EventMatcher({ names: new Map(Object.entries(names)), keyLabel: 'leavers' });
  for (const line of lines) matcher.addRow(line, undefined);
  for (const each of events) matcher.addEvent(each);
  return {
    ids: matcher.changes.map((change) => change.event?.id),
    unnamed: matcher.unnamed(),
    changes: matcher.changes,
  };
}

const inGroup = (id: string) => ({ subjects: new Set(['jo', id]), groups: new Set([id]) });

describe('an event', () => {
  it('is recognized by the name that the organization gives it, or else by its id', () => {
    const suspended = row('suspend-user');
    expect(found([suspended], [event('x17')], { x17: 'Suspended user access' }).ids).toEqual(['x17 0']);
    expect(found([suspended], [event('userAccess-suspended')]).ids).toEqual(['userAccess-suspended 0']);
    expect(found([suspended], [event('x17')], { x17: 'Logged in' }).ids).toEqual([undefined]);
  });

  it('of another name is kept as a hint', () => {
    const { changes } = found([row('suspend-user')], [event('x17')], { x17: 'Changed status' });
    expect(changes[0]).toMatchObject({ similar: { action: 'x17' } });
  });

  it('that no name fits is announced for its action', () => {
    const names = { x17: 'Suspended user', x18: 'Created group' };
    expect(found([row('suspend-user'), row('remove-user')], [], names).unnamed).toEqual(['remove-user']);
  });

  it('about somebody else, or of another time, does not count', () => {
    const other = event('user_suspended', 0, { subjects: new Set(['ann']) });
    const wrong = [other, event('user_suspended', -301), event('user_suspended', 1801)];
    expect(found([row('suspend-user')], wrong).ids).toEqual([undefined]);
    expect(found([row('suspend-user')], [event('user_suspended', 1799)]).ids).toEqual(['user_suspended 1799']);
  });

  it('about a membership counts for the group that it names, or for any when it names none', () => {
    const both = [row('add-user-to-group', 0, 'ops'), row('add-user-to-group', 1, 'staff')];
    const named = event('added_to_group', 1, inGroup('staff'));
    expect(found(both, [named]).ids).toEqual([undefined, named.id]);
    expect(found(both, [event('added_to_group', 1)]).ids).toEqual([undefined, 'added_to_group 1']);
  });

  it('confirms one change only: the nearest', () => {
    const grants = [row('grant-user-role', 0), row('grant-user-role', 60)];
    expect(found(grants, [event('role_granted', 60)]).ids).toEqual([undefined, 'role_granted 60']);
    expect(found(grants, [event('role_granted', 0), event('role_granted', 60)]).ids).toEqual([
      'role_granted 0',
      'role_granted 60',
    ]);
  });

  it('that comes twice confirms no second change', () => {
    const grants = [row('grant-user-role', 0), row('grant-user-role', 60)];
    const twice = [event('role_granted', 0), event('role_granted', 0, { id: 'another id' })];
    expect(found(grants, twice).ids).toEqual(['role_granted 0', undefined]);
  });

  it.each([0, 1])('by the own key is preferred to one by somebody else, in each order (%i)', (first) => {
    const foreign = event('user_suspended', 0, { id: 'foreign', actor: { id: 'someone' } });
    const both = [foreign, event('user_suspended', 5)];
    expect(found([row('suspend-user')], first === 0 ? both : both.toReversed()).ids).toEqual(['user_suspended 5']);
    expect(found([row('suspend-user')], [foreign]).ids).toEqual(['foreign']);
  });

  it('is not looked for when nothing was changed', () => {
    expect(found([row('get-last-active')], []).ids).toEqual([]);
  });
});

describe('the times to read', () => {
  it('are put together where they overlap', () => {
    const matcher = new EventMatcher({ names: new Map(), keyLabel: undefined });
    for (const seconds of [0, 600, 86_400]) matcher.addRow(row('suspend-user', seconds), undefined);
    const hours = matcher.ranges().map(({ from, to }) => Math.round((to - from) / 60_000));
    expect(hours).toEqual([45, 35]);
  });
});
