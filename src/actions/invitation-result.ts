// Reads the answer to a v2 invitation: which account was invited, and which roles and groups were refused.
import { type Answer, NotDone, type Target } from './action.ts';

/** One role or group of an invitation, as the report keeps it. */
type Part = (
  | { readonly role: string; readonly resource: string }
  | { readonly group: string; readonly name?: string }
) & {
  readonly status: string;
  readonly reason?: string;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * The invited account. Throws NotDone: `failed` when all parts have the status ERROR, `unknown` when some part is not INVITED, `unclear` when
 * the answer names no account.
 */
export function readInvited({ status, body }: Answer, target: Target): { readonly accountId: string } {
  const { data, errors } = (body ?? {}) as Fields;
  const entry = entryOf(data, target.email);
  const parts = partsOf(entry, target);
  const id = textOf(entry['id']);
  const refused = parts.filter((part) => part.status !== 'INVITED');
  const result = { ...(id === '' ? {} : { accountId: id }), parts };
  const words = refused.map(wordsOf).join('; ');
  if (refused.length > 0 && parts.every((part) => part.status === 'ERROR'))
    throw new NotDone(`the invitation failed: ${words}`, 'failed', result);
  if (refused.length > 0) throw new NotDone(`the invitation succeeded only in part: ${words}`, 'unknown', result);
  if (id === '') throw new NotDone('the response to the invitation has no account id', 'unclear');
  if (status === 206 || (Array.isArray(errors) && errors.length > 0))
    throw new NotDone(
      'the invitation succeeded only in part: the response does not say what was refused',
      'unknown',
      result,
    );
  return { accountId: id };
}

/** The entry about the invited address. Entries about other addresses do not count. */
function entryOf(data: unknown, email = ''): Fields {
  const entries = (Array.isArray(data) ? data : []).filter(isFields);
  return entries.find((entry) => textOf(entry['email'] ?? email).toLowerCase() === email.toLowerCase()) ?? {};
}

function partsOf({ results }: Fields, { groupNames = {} }: Target): Part[] {
  return listOf(results).flatMap(({ roleAssignmentResult, groupAssignmentResult }) => [
    ...listOf(roleAssignmentResult).map((part) => ({
      role: textOf(part['role']),
      resource: textOf(part['resource']),
      ...stateOf(part),
    })),
    ...listOf(groupAssignmentResult).map((part) => ({
      ...groupOf(textOf(part['group']), groupNames),
      ...stateOf(part),
    })),
  ]);
}

function groupOf(group: string, names: Readonly<Record<string, string>>) {
  // An id may come as `ari:cloud:identity::group/<id>`.
  const name = names[group.slice(group.lastIndexOf('/') + 1)];
  return name === undefined || name === group ? { group } : { group, name };
}

function stateOf({ status, statusReason }: Fields): Pick<Part, 'status' | 'reason'> {
  const reason = textOf(statusReason);
  return { status: textOf(status), ...(reason === '' ? {} : { reason }) };
}

function wordsOf(part: Part): string {
  const name = 'role' in part ? `${part.role} on ${part.resource}` : `group ${part.name ?? part.group}`;
  const reason = part.reason === undefined ? '' : ` (${part.reason})`;
  return part.status === 'ERROR'
    ? `${name} was refused${reason}`
    : `${name} has the unknown status "${part.status}"${reason}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** The entries of a list; an entry that is not an object counts as one without a status, so it is never a success. */
function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((each: unknown) => (isFields(each) ? each : {})) : [];
}

/** A text of the answer, 200 characters at the most. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
