// The action that invites a person. A second invitation is a second mail, so nothing here may be repeated on a guess.
import { insideProducts } from '../text/audit-words.ts';
import type { Person } from '../model.ts';
import { type Action, type Address, type Answer, type ApiRequest, NotDone, type Target } from './action.ts';
import { readInvited } from './invitation-result.ts';
import { membersRefusal } from './groups.ts';
import { directoryPath, isMember, orgPath, saysExists, required } from './requests.ts';

function* sendV1(target: Target, at: Address): Generator<ApiRequest, unknown, Answer> {
  const { role, resource } = target;
  const body = {
    email: required(target, 'email'),
    ...(role !== undefined && resource !== undefined ? { permissionRule: { resource, role } } : {}),
    ...notification(target),
  };
  const accountId = accountIn(yield invitation(orgPath(at, 'users', 'invite'), body), target);
  if (accountId === undefined && target.groups?.length)
    throw new NotDone('the person was invited, but the response has no account id to add to the groups', 'unknown');
  if (accountId === undefined) return undefined;
  yield* joinGroups(target, accountId, at);
  return { accountId };
}

/** Adds the person to every group, and continues after a refusal. Throws NotDone `unknown` when a group refused, because the invitation was sent. */
function* joinGroups(target: Target, accountId: string, at: Address): Generator<ApiRequest, void, Answer> {
  const { groups = [], groupNames = {} } = target;
  const parts: object[] = [];
  const refused: string[] = [];
  for (const group of groups) {
    const path = directoryPath(at, 'groups', group, 'memberships');
    const body = { account_id: accountId };
    const answer = yield { method: 'POST', path, body, retry: 'state', mayBeRefused: true };
    const hasJoined = answer.status < 300 || isMember(answer);
    const reason = answer.text ?? `HTTP ${answer.status}`;
    parts.push({ group, status: hasJoined ? 'INVITED' : 'ERROR', ...(hasJoined ? {} : { reason }) });
    if (!hasJoined) refused.push(`group ${groupNames[group] ?? group} was refused (${reason})`);
  }
  if (refused.length > 0)
    throw new NotDone(`the invitation succeeded only in part: ${refused.join('; ')}`, 'unknown', { accountId, parts });
}

/** The account in the response; for a person who is already a member, the account that planning found. */
function accountIn({ status, body }: Answer, { accountId }: Target): string | undefined {
  if (status > 299) return accountId;
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  if (typeof first === 'string' && first !== '') return first;
  throw new NotDone('the response to the invitation has no account id', 'unclear');
}

function* sendV2(target: Target, at: Address): Generator<ApiRequest, unknown, Answer> {
  const { role, resource } = target;
  const body = {
    emails: [required(target, 'email')],
    ...(role !== undefined && resource !== undefined ? { permissionRules: [{ resource, role }] } : {}),
    ...(target.groups?.length ? { additionalGroups: target.groups } : {}),
    ...notification(target),
  };
  const answer = yield invitation(['v2', 'orgs', at.org, 'users', 'invite'], body);
  return answer.status > 299 ? undefined : readInvited(answer, target);
}

/** Both generations answer with the invited account; a 2xx without it may come from a gateway and does not confirm anything. */
function invitation(path: readonly string[], body: object): ApiRequest {
  return { method: 'POST', path, body, retry: 'creation', needsBody: true };
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
  summary: 'Invite a person by e-mail, optionally with a role on a product and with groups.',
  risk: 'irreversible',
  retry: 'creation',
  needs: ['email'],
  takes: ['role', 'resource', 'sendNotification', 'notificationText', 'groups', 'notBefore'],
  endpoints: {
    v1: 'POST /v1/orgs/{orgId}/users/invite',
    v2: 'POST /v2/orgs/{orgId}/users/invite',
  },
  send: (target, at) => (at.generation === 'v1' ? sendV1(target, at) : sendV2(target, at)),
  already: saysExists,
  // A member may still lack the role or the groups of the row.
  isDone: ({ person }, { role, groups }) =>
    person === undefined || role !== undefined || groups?.length ? undefined : isIn(person),
  // Membership does not prove that the role and the groups were set too.
  didArrive: ({ person }, { role, groups }) =>
    person === undefined || ((role !== undefined || groups?.length) && isIn(person)) ? undefined : isIn(person),
  caveat: ({ notificationText, sendNotification }) =>
    notificationText !== undefined && sendNotification !== true
      ? 'notificationText is sent only with sendNotification: true; without it, nobody receives the text'
      : undefined,
  refusal: membersRefusal,
  undo: ({ fields: { groups = [] } }) => {
    const more = groups.length === 0 ? '' : `, and stays in ${groups.join(', ')}`;
    return `an invitation can't be withdrawn: the person was invited${more}; remove the person instead`;
  },
  takesSeat: 'seat',
  givesBack: ['removed', 'suspended', 'groups', 'roles'],
  loggedAs: {
    all: [
      ['invit', 'add'],
      ['user', 'account', 'member'],
    ],
    none: ['group', 'role', ...insideProducts],
  },
  example: { action: 'invite-user', email: 'katherine@example.com', sendNotification: false },
};
