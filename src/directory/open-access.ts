// Reads what a person still has: groups, direct roles and organization admin in the organization, API tokens of the account.
import { keyOf, readAllRoles } from '../actions/current-roles.ts';
import type { Answer, ApiRequest } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import { StopError } from '../errors.ts';
import type { ApiToken, Person } from '../model.ts';
import type { Directory } from './directory.ts';

/** Parts that the API does not show are null, which does not mean none. */
export interface Access {
  readonly groups: readonly string[] | null;
  /** Direct roles as `role@resource`; not shown on v1. */
  readonly roles: readonly string[] | null;
  /** Shown for managed accounts only. */
  readonly apiTokens: number | null;
  readonly admin: boolean | null;
}

/** An account, and its person in the directory (null when not there). The account is needed even so, because its tokens outlive a removal. */
export interface Account {
  readonly accountId: string;
  readonly person: Person | null;
}

/** Reads what an account still has; one or two calls. */
export async function readAccess(client: Client, directory: Directory, account: Account): Promise<Access> {
  const { person, accountId } = account;
  const apiTokens = (await readTokens(directory, accountId))?.length ?? null;
  if (person === null || person.status === 'not-invited') return { groups: [], roles: [], apiTokens, admin: false };
  const roles = await readThrough(client, readAllRoles(['users', person.accountId], directory.address));
  return {
    groups: person.groups?.map(({ id, name }) => (name === '' ? id : name)) ?? null,
    roles: roles?.held.map(keyOf) ?? null,
    apiTokens,
    admin: person.admin ?? null,
  };
}

/** The tokens of a managed account; undefined when they can't be read, also when the URL for managed accounts is unknown. */
export async function readTokens(directory: Directory, accountId: string): Promise<readonly ApiToken[] | undefined> {
  try {
    return await directory.apiTokens(accountId);
  } catch (error) {
    if (error instanceof StopError && error.kind === 'config') return undefined;
    throw error;
  }
}

/** Sends several reads in turn; undefined when a response is lost. */
async function readThrough<T>(client: Client, reads: Generator<ApiRequest, T, Answer>): Promise<T | undefined> {
  let step = reads.next();
  while (!step.done) {
    const reply = await client.send(step.value);
    if (reply.kind !== 'answer') return undefined;
    step = reads.next(reply.answer);
  }
  return step.value;
}
