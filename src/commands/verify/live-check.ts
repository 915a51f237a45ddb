// Compares a report with the organization as it is now: finds `done` rows whose state it does not show. Reads only.
import { actions } from '../../actions/action-table.ts';
import { type Action, endsAccess, type StateFacts } from '../../actions/action.ts';
import type { Directory } from '../../directory/directory.ts';
import { type Account, readTokens } from '../../directory/open-access.ts';
import { batchSize } from '../../directory/people.ts';
import { factsOf } from '../../plan/verdict.ts';
import { foldName, type Person } from '../../model.ts';
import type { OpenAccess, RowLine } from '../../report/events.ts';
import { many } from '../../text/phrases.ts';

/** The result for one row: as reported, different, or unknown (roles, and what this generation does not show). */
export interface LiveCheck {
  readonly line: RowLine;
  readonly holds: boolean | undefined;
  /** The state that was read, in words. */
  readonly seen: string | null;
  /** The access that a leaver still has, if requested. */
  readonly open: OpenAccess | null;
}

export interface LiveSource {
  readonly directory: Directory;
  /** Reads the remaining access of a person; called for rows that end access. */
  readonly readOpen?: ((account: Account) => Promise<OpenAccess>) | undefined;
  /** Called with the number of rows that differ, before they are read once more. */
  readonly wait: (differing: number) => Promise<void>;
}

/** Checks rows that are done or already. Those that differ come last, because they are read twice: changes show late. */
export async function* checkLive(rows: AsyncIterable<RowLine>, source: LiveSource): AsyncGenerator<LiveCheck> {
  const differing: RowLine[] = [];
  for await (const check of checkOnce(rows, source))
    if (check.holds === false) differing.push(check.line);
    else yield check;
  if (differing.length === 0) return;
  await source.wait(differing.length);
  yield* checkOnce(differing, source);
}

async function* checkOnce(
  rows: AsyncIterable<RowLine> | Iterable<RowLine>,
  source: LiveSource,
): AsyncGenerator<LiveCheck> {
  let batch: RowLine[] = [];
  for await (const row of rows) {
    if (row.outcome !== 'done' && row.outcome !== 'already') continue;
    batch.push(row);
    if (batch.length < batchSize) continue;
    yield* checkBatch(batch, source);
    batch = [];
  }
  if (batch.length > 0) yield* checkBatch(batch, source);
}

async function* checkBatch(rows: readonly RowLine[], { directory, readOpen }: LiveSource): AsyncGenerator<LiveCheck> {
  const values = (pick: (row: RowLine) => string | null) => new Set(rows.map(pick).filter((value) => value !== null));
  for (const name of values((row) => row.groupName)) directory.forget(name);
  const found = await directory.lookUp({
    emails: values((row) => (row.accountId === null ? row.email : null)),
    accountIds: values((row) => row.accountId),
    groupNames: new Set([...values((row) => row.groupName)].map(foldName)),
    memberships: true,
    products: false,
  });
  for (const line of rows) {
    if (line.action === null) continue;
    const ref = line.accountId ?? line.email;
    const person = ref === null || found.refused.has(ref) ? undefined : (found.people.get(ref) ?? null);
    const name = line.groupName === null ? undefined : foldName(line.groupName);
    // With several groups of one name, it is unknown which one the row was about.
    const group = name === undefined || found.several.has(name) ? undefined : (found.groups.get(name) ?? null);
    const target = line.groupId === null ? {} : { groupId: line.groupId };
    const action: Action = actions[line.action];
    const facts = { ...factsOf({ person, group }, target), ...(await tokensOf(line, action, directory)) };
    const holds = isHidden(action, person)
      ? undefined
      : (action.didArrive?.(facts, target) ?? action.isDone(facts, target));
    const accountId = line.accountId ?? person?.accountId;
    const isLeaver = endsAccess(action) && person !== undefined && accountId !== undefined;
    const open = isLeaver && readOpen !== undefined ? await readOpen({ person, accountId }) : null;
    yield { line, holds, seen: seenOf(facts), open };
  }
}

/** The API does not show a suspension of a person who is deactivated or removed as well. */
function isHidden({ closes }: Action, person: Person | null | undefined): boolean {
  return closes === 'suspended' && (person?.status === 'deactivated' || person?.status === 'not-invited');
}

/** API tokens are looked up where a row is about them. */
async function tokensOf(
  { accountId }: RowLine,
  { closes }: Action,
  directory: Directory,
): Promise<Pick<StateFacts, 'tokens'>> {
  if (closes !== 'tokens' || accountId === null) return {};
  const tokens = await readTokens(directory, accountId);
  return tokens === undefined ? {} : { tokens };
}

function seenOf({ person, group, member, tokens }: StateFacts): string | null {
  if (tokens !== undefined) return many(tokens.length, 'API token');
  if (member !== undefined) return member ? 'a member' : 'not a member';
  if (person === null) return 'not in the directory';
  if (person !== undefined) return person.status === 'unknown' ? null : person.status;
  if (group === undefined) return null;
  return group === null ? 'not there' : 'there';
}
