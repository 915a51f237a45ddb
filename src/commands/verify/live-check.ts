// What a report claims against what the organization shows now: who is not in the state that a done row says. Reads only.
import { actions } from '../../actions/action-table.ts';
import type { Directory } from '../../directory/directory.ts';
import { batchSize } from '../../directory/people.ts';
import { factsOf } from '../../plan/verdict.ts';
import { foldName } from '../../model.ts';
import type { RowEnd } from '../../report/events.ts';

/** How a claim stands: it holds, it does not, or reading can't tell (roles, and what this generation hides). */
export interface LiveCheck {
  readonly line: RowEnd;
  readonly holds: boolean | undefined;
}

/** Checks rows that are done or already, `batch` at a time, in their order. */
export async function* checkLive(rows: AsyncIterable<RowEnd>, directory: Directory): AsyncGenerator<LiveCheck> {
  let some: RowEnd[] = [];
  for await (const row of rows) {
    if (row.outcome !== 'done' && row.outcome !== 'already') continue;
    some.push(row);
    if (some.length < batchSize) continue;
    yield* checkBatch(some, directory);
    some = [];
  }
  if (some.length > 0) yield* checkBatch(some, directory);
}

async function* checkBatch(rows: readonly RowEnd[], directory: Directory): AsyncGenerator<LiveCheck> {
  const values = (pick: (row: RowEnd) => string | null) => new Set(rows.map(pick).filter((value) => value !== null));
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
    // Of several groups with one name nobody knows which one the row was about.
    const group = name === undefined || found.several.has(name) ? undefined : (found.groups.get(name) ?? null);
    const target = line.groupId === null ? {} : { groupId: line.groupId };
    const facts = factsOf({ person, group }, target);
    const action = actions[line.action];
    yield { line, holds: action.didArrive?.(facts, target) ?? action.isDone(facts, target) };
  }
}
