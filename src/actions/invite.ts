// The action that invites a person. A second invitation is a second mail, so nothing here may be repeated on a guess.
import type { Person } from '../record.ts';
import { type Action, type Address, type Answer, type ApiRequest, HalfDone, type Target } from './action.ts';
import { directoryPath, orgPath, saysExists, sure } from './paths.ts';

function* sendV1(target: Target, at: Address): Generator<ApiRequest, unknown, Answer> {
  const { role, resource } = target;
  const body = {
    email: sure(target, 'email'),
    ...(role !== undefined && resource !== undefined ? { permissionRule: { resource, role } } : {}),
    ...notification(target),
  };
  const answer = yield invitation(orgPath(at, 'users', 'invite'), body);
  const first: unknown = Array.isArray(answer.body) ? answer.body[0] : undefined;
  const accountId = typeof first === 'string' ? first : target.accountId;
  for (const groupId of target.groups ?? []) {
    if (accountId === undefined) throw new HalfDone('invited, but the answer names no account to add to the groups');
    yield {
      method: 'POST',
      path: directoryPath(at, 'groups', groupId, 'memberships'),
      body: { account_id: accountId },
      repeat: 'state',
    };
  }
  return accountId === undefined ? undefined : { accountId };
}

function* sendV2(target: Target, at: Address): Generator<ApiRequest, unknown, Answer> {
  const { role, resource } = target;
  const body = {
    emails: [sure(target, 'email')],
    ...(role !== undefined && resource !== undefined ? { permissionRules: [{ resource, role }] } : {}),
    ...(target.groups?.length ? { additionalGroups: target.groups } : {}),
    ...notification(target),
  };
  const answer = yield invitation(['v2', 'orgs', at.org, 'users', 'invite'], body);
  const [first] = (answer.body as { data?: readonly Invited[] } | undefined)?.data ?? [];
  const result = typeof first?.id === 'string' ? { accountId: first.id } : undefined;
  // 206: a role or a group was refused. Sending it again would be a second mail, leaving it somebody without access.
  if (answer.status === 206) throw new HalfDone(`invited in part only: ${refusedOf(first)}`, result);
  return result;
}

interface Invited {
  readonly id?: unknown;
  readonly results?: unknown;
}

/** The roles and groups that an answer says were refused, in its own words. */
function refusedOf(invited: Invited | undefined): string {
  const results = Array.isArray(invited?.results) ? (invited.results as Readonly<Record<string, unknown>>[]) : [];
  const parts = results.flatMap((each) => Object.values(each ?? {}).flat()) as Readonly<Record<string, unknown>>[];
  const failed = parts.filter((part) => typeof part?.['status'] === 'string' && !/^success/i.test(part['status']));
  const words = failed.map(({ id, errorMessage }) => plainWords(id, errorMessage));
  return words.length === 0 ? 'the answer does not say what was refused' : words.join('; ');
}

function plainWords(id: unknown, why: unknown): string {
  const [what, reason] = [id, why].map((word) => (typeof word === 'string' ? word.slice(0, 200) : ''));
  return reason === '' ? `${what} was refused` : `${what} was refused (${reason})`;
}

/** Both generations answer with the account that was invited; a 2xx without it is a gateway's word, and no invitation. */
function invitation(path: readonly string[], body: object): ApiRequest {
  return { method: 'POST', path, body, repeat: 'creation', needsBody: true };
}

function notification({ sendNotification, notificationText }: Target) {
  return {
    ...(sendNotification === undefined ? {} : { sendNotification }),
    ...(notificationText === undefined ? {} : { notificationText }),
  };
}

function isIn(person: Person | null): boolean {
  return person !== null && person.status !== 'not-invited';
}

export const inviteUser: Action = {
  name: 'invite-user',
  summary: 'Invite a person by e-mail, with a role on a product and groups if wanted.',
  risk: 'irreversible',
  repeat: 'creation',
  needs: ['email'],
  takes: ['role', 'resource', 'sendNotification', 'notificationText', 'groups', 'notBefore'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/users/invite',
    v2: 'POST /v2/orgs/{orgId}/users/invite',
  },
  send: (target, at) => (at.generation === 'v1' ? sendV1(target, at) : sendV2(target, at)),
  already: saysExists,
  // Somebody who is in already may still be missing the role or the groups that the row asks for.
  holds: ({ person }, { role, groups }) =>
    person === undefined || role !== undefined || groups?.length ? undefined : isIn(person),
  // Being in does not show that the role and the groups arrived too.
  arrived: ({ person }, { role, groups }) =>
    person === undefined || ((role !== undefined || groups?.length) && isIn(person)) ? undefined : isIn(person),
  caveat: () => undefined,
  undo: () => "an invitation that was sent can't be taken back; remove the person instead",
  fills: 'seat',
  example: { action: 'invite-user', email: 'katherine@example.com', sendNotification: false },
};
