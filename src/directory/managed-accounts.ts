// Reads of managed accounts: the key's privileges for one, and its API tokens. The same calls on both generations.
import type { ApiRequest } from '../actions/action.ts';
import {
  type Privileges,
  privilegesIn,
  privilegesRequest,
  tokensIn,
  tokensRequest,
} from '../actions/accounts/manage-requests.ts';
import type { Client } from '../client/client.ts';
import type { ApiToken } from '../model.ts';

export interface AccountReads {
  /** The key's privileges for an account; `{}`: none. Null: no such account. Undefined: unclear. */
  privileges(accountId: string): Promise<Privileges | null | undefined>;
  /** The API tokens of a managed account; undefined when they can't be read, which does not mean none. */
  apiTokens(accountId: string): Promise<readonly ApiToken[] | undefined>;
}

/** What was read about a managed account; `privileges` as in AccountReads. */
export interface AccountFacts {
  readonly privileges: Privileges | null | undefined;
  readonly tokens?: readonly ApiToken[];
}

/** Opens the reads of managed accounts. Nothing is cached. Throws StopError as the client does. */
export function openAccountReads(client: Client): AccountReads {
  return {
    privileges: async (accountId) => {
      const { status, body, code } = await read(client, privilegesRequest(accountId));
      if (status === 403) return {};
      if (status === 404) return code === 'accountNotFound' ? null : undefined;
      return status < 300 ? privilegesIn(body) : undefined;
    },
    apiTokens: async (accountId) => {
      const { status, body } = await read(client, tokensRequest(accountId));
      return status < 300 ? tokensIn(body) : undefined;
    },
  };
}

async function read(client: Client, request: ApiRequest) {
  const reply = await client.send(request);
  return reply.kind === 'answer' ? reply.answer : { status: 0, body: undefined, code: undefined };
}
