// Answers to an invitation: which of them confirm it, and how a row ends when one does not.
import { describe, expect, it } from 'vitest';
import { NotDone } from '../../../src/actions/action.ts';
import { actions } from '../../../src/actions/action-table.ts';
import type { Generation } from '../../../src/model.ts';

const email = 'new@example.com';
const resource = 'ari:cloud:jira-software::site/1';
const target = {
  email,
  role: 'atlassian/user',
  resource,
  groups: ['g1', 'g2'],
  groupNames: { g1: 'staff', g2: 'board' },
};
const role = (status: string, statusReason: string | null = null) => ({
  role: 'atlassian/user',
  resource,
  status,
  statusReason,
});
const group = (id: string, status: string, statusReason: string | null = null) => ({ group: id, status, statusReason });

/** The body of an answer about one person. */
function body(roles: readonly object[], groups: readonly object[], more: object = { id: '712020:new', email }) {
  return { data: [{ ...more, results: [{ roleAssignmentResult: roles, groupAssignmentResult: groups }] }] };
}

/** The result of a row after this answer, or the error that ends it. */
function send(api: Generation, status: number, answer: unknown): unknown {
  const steps = actions['invite-user'].send(target, { generation: api, org: 'o', directory: 'd' });
  steps.next();
  try {
    return steps.next({ status, body: answer }).value;
  } catch (error) {
    return error;
  }
}

const allFailed = body([role('ERROR', 'No licence left')], [group('g1', 'ERROR', 'Synced'), group('g2', 'ERROR')]);
const someFailed = body([role('INVITED')], [group('g1', 'INVITED'), group('g2', 'ERROR', 'Synced from an IdP')]);
const noneFailed = body([role('INVITED')], [group('g1', 'INVITED'), group('g2', 'INVITED')]);

describe('an invitation on v2', () => {
  it('is done when every part is INVITED', () => {
    expect(send('v2', 200, noneFailed)).toEqual({ accountId: '712020:new' });
  });

  it.each([200, 206])('under %i has failed when every part has, and names each with its reason', (status) => {
    const error = send('v2', status, allFailed) as NotDone;
    expect(error.outcome).toBe('failed');
    expect(error.message).toContain(`atlassian/user on ${resource} was refused (No licence left)`);
    expect(error.message).toContain('group staff was refused (Synced); group board was refused');
  });

  it.each([200, 206])('under %i is unknown when some parts have failed, and the result has every part', (status) => {
    const error = send('v2', status, someFailed) as NotDone;
    expect([error.outcome, error.message]).toEqual([
      'unknown',
      'the invitation succeeded only in part: group board was refused (Synced from an IdP)',
    ]);
    expect(error.result).toMatchObject({
      accountId: '712020:new',
      parts: [
        { role: 'atlassian/user', resource, status: 'INVITED' },
        { group: 'g1', name: 'staff', status: 'INVITED' },
        { group: 'g2', name: 'board', status: 'ERROR', reason: 'Synced from an IdP' },
      ],
    });
  });

  it.each<[string, number, unknown]>([
    ['has an unknown status', 200, body([role('SUCCESS')], [])],
    ['has no status', 200, { data: [{ id: '712020:new', email, results: [{ groupAssignmentResult: [null] }] }] }],
    ['is not named under 206', 206, body([], [])],
    ['is not named beside errors', 200, { ...noneFailed, errors: [{ title: 'One failed' }] }],
  ])('is unknown when a part %s', (_, status, answer) => {
    expect(send('v2', status, answer)).toMatchObject({ name: 'NotDone', outcome: 'unknown' });
  });

  it.each<[string, unknown]>([
    ['an empty list', { data: [] }],
    ['an empty list beside errors', { data: [], errors: [{ title: 'No' }] }],
    ['an error', { error: 'access denied' }],
    ['no account', body([role('INVITED')], [], { email })],
    ['another address', body([role('INVITED')], [], { id: '712020:other', email: 'other@example.com' })],
    ['a list', ['712020:new']],
  ])('is unclear after a body with %s', (_, answer) => {
    expect(send('v2', 200, answer)).toMatchObject({ name: 'NotDone', outcome: 'unclear' });
  });
});

describe('an invitation on v1', () => {
  it.each<[string, unknown]>([
    ['an empty list', []],
    ['an object', { accountId: '712020:new' }],
    ['an empty id', ['']],
  ])('is unclear after a body with %s', (_, answer) => {
    expect(send('v1', 202, answer)).toMatchObject({ name: 'NotDone', outcome: 'unclear' });
  });
});
