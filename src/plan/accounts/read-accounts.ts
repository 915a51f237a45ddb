// readAccounts: reads the key's privileges for the managed accounts that rows change, and their API tokens.
import { actions } from '../../actions/action-table.ts';
import type { PeopleReader } from '../../directory/cache.ts';
import type { AccountFacts } from '../../directory/managed-accounts.ts';
import type { Row } from '../../manifest/rows/row.ts';
import type { JobRecord, Person } from '../../model.ts';

interface Reading {
  readonly reader: PeopleReader | undefined;
  /** The person of a record, as far as the look-up shows. */
  readonly personOf: (record: JobRecord) => Person | null | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/** Reads the managed accounts of all due rows that change one, by account id: privileges, and tokens where the action is about them. */
export async function readAccounts(
  rows: readonly Row[],
  { reader, personOf, now }: Reading,
): Promise<ReadonlyMap<string, AccountFacts>> {
  if (reader === undefined) return new Map();
  const accountIds = new Map<string, { tokens: boolean }>();
  for (const row of rows) {
    if (row.kind !== 'record' || Date.parse(row.record.fields.notBefore ?? '') > now) continue;
    const { privilege } = actions[row.record.action];
    const accountId = row.record.fields.accountId ?? personOf(row.record)?.accountId;
    if (privilege === undefined || accountId === undefined) continue;
    const tokens = privilege === 'apiToken.delete' || accountIds.get(accountId)?.tokens === true;
    accountIds.set(accountId, { tokens });
  }
  const read = async (accountId: string, tokens: boolean): Promise<AccountFacts> => {
    const privileges = await reader.privileges(accountId);
    const list =
      tokens && privileges?.['apiToken.delete']?.allowed === true ? await reader.apiTokens(accountId) : undefined;
    return { privileges, ...(list === undefined ? {} : { tokens: list }) };
  };
  return new Map(
    await Promise.all([...accountIds].map(async ([id, { tokens }]) => [id, await read(id, tokens)] as const)),
  );
}
