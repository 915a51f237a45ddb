// The path prefixes of both generations and the answers that several actions read alike.
import type { Address, Answer, ApiRequest, Target } from './action.ts';

/** `/v1/orgs/{org}/…` or, for what moved, `/v2/orgs/{org}/directories/{directory}/…`; v1 keeps directory objects under `directory`. */
export function directoryPath(at: Address, ...rest: string[]): string[] {
  return at.generation === 'v1'
    ? ['v1', 'orgs', at.org, 'directory', ...rest]
    : ['v2', 'orgs', at.org, 'directories', at.directory, ...rest];
}

/** What is still v1 on both generations: last-active dates and a person's roles. */
export function orgPath(at: Address, ...rest: string[]): string[] {
  return ['v1', 'orgs', at.org, ...rest];
}

/** The value of a field that planning guarantees; its absence is a bug. */
export function required(target: Target, field: 'accountId' | 'groupId' | 'groupName' | 'email' | 'role'): string {
  const value = target[field];
  if (value === undefined) throw new Error(`bug: ${field} was not resolved before the call`);
  return value;
}

/** Sends one request and ignores the body of its response. */
export function* sendOnce(request: ApiRequest): Generator<ApiRequest, unknown, Answer> {
  yield request;
  return undefined;
}

const codes = {
  userGone: ['ADMIN-404-8', 'ADMIN-UAM-404-1'],
  groupGone: ['ADMIN-404-10', 'ADMIN-UAM-404-3', 'ADMIN-UAM-404-1'],
  member: ['ADMIN-UAM-409-2'],
} as const;

/** A refusal by code, never by status alone: a 404 may also mean the route or the organization. */
export function says(answer: Answer, code: keyof typeof codes): boolean {
  return answer.code !== undefined && (codes[code] as readonly string[]).includes(answer.code);
}

/** A 400 or 409 whose text says that the thing already exists, whatever its code. */
export function saysExists(answer: Answer): boolean {
  return (
    (answer.status === 409 || answer.status === 400) &&
    /already (a |an )?(member|exist|assigned|has|in )/i.test(answer.text ?? '')
  );
}

/** The refusal says that the person is a member of the group already. */
export function isMember(answer: Answer): boolean {
  return says(answer, 'member') || saysExists(answer);
}

/** The role of an organization admin. */
export const orgAdmin = 'atlassian/org-admin';

/** Whether a platform role is organization admin; the prefix may be missing. */
export function isOrgAdmin(role: string): boolean {
  return /(^|\/)org-admin$/.test(role);
}

/** The person can't be changed because they are an organization admin, or because the end of that role has not taken effect yet. */
export function isAdminRefusal({ code = '', text = '' }: Answer): boolean {
  return /^ADMIN-(400-4|UAM-400-1)$/.test(code) && /admin/i.test(text);
}

/** A 404 whose code does not say what is missing, so the current state must be read. */
export function isVague({ status, code }: Answer): boolean {
  return status === 404 && (code === undefined || /^ADMIN-(UAM-)?404-1$/.test(code));
}
