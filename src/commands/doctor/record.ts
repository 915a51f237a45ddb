// `doctor --record`: reads once of each kind, compares every response with the published specification, and writes a file without private data.
import type { Address, ApiRequest } from '../../actions/action.ts';
import type { Client } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { type AnswerSurvey, openSurvey } from '../../specification/answer-survey.ts';
import { openSafeWords } from '../../specification/safe-words.ts';
import { storedFacts } from '../../specification/stored-facts.ts';
import { writeNewFile } from '../../storage/new-file.ts';
import { many } from '../../text/phrases.ts';
import type { Check } from './checks.ts';

/** What the file holds. */
interface Recording {
  readonly tool: string;
  readonly generation: string;
  readonly limitHeaders: readonly string[];
  readonly calls: readonly (AnswerSurvey | { readonly operation: string; readonly failed: string })[];
}

/** Makes the calls and writes the file. Throws LeaversError when the file can't be written. */
export async function recordAnswers(
  path: string,
  { client, at, context }: { client: Client; at: Address; context: Context },
): Promise<Check[]> {
  const calls: Recording['calls'][number][] = [];
  const { operationOf, survey } = openSurvey(storedFacts.organization, openSafeWords(Object.values(storedFacts)));
  const steps = reads(at, context.clock.now());
  let step = steps.next();
  while (step.done !== true) {
    const { method, path: segments } = step.value;
    const seen = { method, path: `/${segments.map(encodeURIComponent).join('/')}` };
    const body = await ask(client, step.value, (status, answer) => calls.push(survey(seen, { status, body: answer })));
    if (body === undefined) calls.push({ operation: operationOf(seen), failed: 'no answer' });
    step = steps.next(body);
  }
  const recording: Recording = {
    tool: `leavers ${context.version}`,
    generation: at.generation,
    limitHeaders: client.usage.limitHeaders ?? [],
    calls,
  };
  await writeNewFile(path, [`${JSON.stringify(recording, null, 2)}\n`], context);
  return [summaryOf(recording, path), ...findingsOf(recording)];
}

/** The body of the response, null when it has none; undefined without a response. */
async function ask(
  client: Client,
  request: ApiRequest,
  note: (status: number, body: unknown) => void,
): Promise<unknown> {
  try {
    const reply = await client.send(request);
    if (reply.kind !== 'answer') return undefined;
    note(reply.answer.status, reply.answer.body);
    return reply.answer.body ?? null;
  } catch (error) {
    // A refusal that would end a run ends only this call.
    if (error instanceof LeaversError) return undefined;
    throw error;
  }
}

/** An hour, in ms: events of the last hour are enough to see their form. */
const hour = 3_600_000;

/** One read of each kind; later ones are about the first person and group that earlier ones show. */
function* reads({ org, directory }: Address, now: number): Generator<ApiRequest, void, unknown> {
  const v1 = ['v1', 'orgs', org];
  const v2 = ['v2', 'orgs', org, 'directories', directory];
  const get = (path: readonly string[], query: Record<string, string> = {}): ApiRequest => ({
    method: 'GET',
    path,
    query,
    retry: 'read',
  });
  const search = (collection: string, expand: readonly string[]): ApiRequest => ({
    method: 'POST',
    path: [...v2, collection, 'search'],
    body: { limit: 10, expand },
    retry: 'read',
  });
  yield get(['v1', 'orgs']);
  yield get(v1);
  yield get([...v1, 'users']);
  yield get(['v2', 'orgs', org, 'directories']);
  const person = firstOf(
    yield search('users', ['platformRoles', 'groups', 'productAccess', 'counts.resources']),
    'accountId',
  );
  const group = firstOf(yield search('groups', ['counts.users', 'counts.resources']), 'id');
  yield get([...v2, 'users', 'count'], directory === '-' ? {} : { directoryIds: directory });
  if (person !== undefined) {
    yield get([...v2, 'users', person]);
    yield get([...v2, 'users', person, 'role-assignments']);
    yield get([...v1, 'directory', 'users', person, 'last-active-dates']);
  }
  if (group !== undefined) {
    yield get([...v2, 'groups', group]);
    yield get([...v2, 'groups', group, 'role-assignments']);
  }
  yield { ...get([...v1, 'event-actions']), limit: 'events' };
  const lastHour = { from: String(now - hour), to: String(now), limit: '10' };
  yield { ...get([...v1, 'events-stream'], lastHour), limit: 'events-stream' };
}

function firstOf(body: unknown, field: string): string | undefined {
  const { data } = (typeof body === 'object' && body !== null ? body : {}) as { data?: unknown };
  const first: unknown = Array.isArray(data) ? (data[0] as Record<string, unknown> | null)?.[field] : undefined;
  return typeof first === 'string' && first !== '' ? first.slice(first.lastIndexOf('/') + 1) : undefined;
}

function summaryOf({ calls }: Recording, path: string): Check {
  const surveys = calls.filter((call) => 'fields' in call);
  const count = (list: 'added' | 'missing' | 'problems') => surveys.reduce((sum, call) => sum + call[list].length, 0);
  const figures = [
    `${count('added')} new`,
    `${count('missing')} missing`,
    many(count('problems'), 'other difference'),
    ...(surveys.length === calls.length ? [] : [`${calls.length - surveys.length} without an answer`]),
  ];
  const message = `${many(calls.length, 'call')} compared with the published specification: ${figures.join(', ')}; ${path} contains no names and may be sent to the maintainers`;
  return { name: 'record', verdict: count('added') + count('problems') > 0 ? 'warn' : 'ok', message };
}

function findingsOf({ calls }: Recording): Check[] {
  return calls.flatMap((call) => {
    if (!('fields' in call)) return [{ name: 'record', verdict: 'warn', message: `${call.operation}: ${call.failed}` }];
    const { operation, status, added, missing, problems } = call;
    const parts = [
      ...(added.length === 0 ? [] : [`new: ${added.join(', ')}`]),
      ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`]),
      ...problems,
    ];
    const verdict = added.length + problems.length > 0 ? 'warn' : 'ok';
    return parts.length === 0
      ? []
      : [{ name: 'record', verdict, message: `${operation} ${status}: ${parts.join('; ')}` }];
  });
}
