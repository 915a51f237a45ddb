// Reads what a person still has in the organization: groups, direct roles, organization admin.
import { keyOf, readAllRoles } from '../actions/current-roles.ts';
import type { Address, Answer, ApiRequest } from '../actions/action.ts';
import type { Client } from '../client/client.ts';
import type { Person } from '../model.ts';

/** Parts that the API does not show are null, which is never the same as none. */
export interface Access {
  readonly groups: readonly string[] | null;
  /** Direct roles as `role@resource`; not shown on v1. */
  readonly roles: readonly string[] | null;
  readonly apiTokens: number | null;
  readonly admin: boolean | null;
}

/** Somebody who is not in the directory has nothing in it. API tokens belong to the account and are not read here. */
export async function readAccess(client: Client, at: Address, person: Person | null): Promise<Access> {
  if (person === null || person.status === 'not-invited')
    return { groups: [], roles: [], apiTokens: null, admin: false };
  const roles = await readThrough(client, readAllRoles(['users', person.accountId], at));
  return {
    groups: person.groups?.map(({ id, name }) => (name === '' ? id : name)) ?? null,
    roles: roles?.held.map(keyOf) ?? null,
    apiTokens: null,
    admin: person.admin ?? null,
  };
}

/** The result of some reads in turn, or undefined when an answer is lost. */
async function readThrough<T>(client: Client, reads: Generator<ApiRequest, T, Answer>): Promise<T | undefined> {
  let step = reads.next();
  while (!step.done) {
    const reply = await client.send(step.value);
    if (reply.kind !== 'answer') return undefined;
    step = reads.next(reply.answer);
  }
  return step.value;
}
