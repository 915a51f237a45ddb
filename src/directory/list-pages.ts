// Sends the requests of a paged list. A list that can't be read to its end stops the run.
import type { Answer, ApiRequest } from '../actions/action.ts';
import { IncompleteList, readPages } from '../actions/read-pages.ts';
import type { Client, Reply } from '../client/client.ts';
import { StopError } from '../errors.ts';

/** An answer, whatever its status, with the error that it describes. */
export type Answered = Extract<Reply, { kind: 'answer' }>;

/** A list of the API: its name in messages, the request of each page, and the entries of an answer (may throw). */
export interface List<T> {
  readonly name: string;
  readonly request: (cursor: string | undefined) => ApiRequest;
  readonly entriesOf: (reply: Answered) => readonly T[];
}

/** Yields the entries of one page after another. Throws StopError `stopped` when the list can't be read to its end. */
export async function* listPages<T>(client: Client, list: List<T>): AsyncGenerator<readonly T[]> {
  let entries: readonly T[] = [];
  const steps = readPages(list.request, () => entries);
  let step = steps.next();
  while (!step.done) {
    const reply = await client.send(step.value);
    const answer = answerOf(reply, list.name);
    entries = list.entriesOf(reply as Answered);
    // A caller that stops reading never gets the error of an endless list.
    yield entries;
    step = withinList(() => steps.next(answer), list.name);
  }
}

function withinList<T>(next: () => T, name: string): T {
  try {
    return next();
  } catch (error) {
    if (!(error instanceof IncompleteList)) throw error;
    const hint = 'entries that were not read would count as missing, so this list is not used; run it again later';
    throw new StopError('stopped', `${name}: ${error.message}; ${hint}`);
  }
}

/** The response of a read that is required. Throws StopError `stopped` when it is lost or unsent. */
export function answerOf(reply: Reply, name: string): Answer {
  if (reply.kind === 'answer') return reply.answer;
  throw new StopError('stopped', `${name} could not be read: ${reply.why}; run it again later`);
}
