// One HTTP attempt: the key goes on, the deadline runs over head and body, whatever fails is put in our words. Whether to try again is rules.ts.
import type { ApiRequest } from '../actions/action.ts';
import type { Context } from '../context.ts';
import { readBody } from './body.ts';
import type { RawResponse } from './decode-response.ts';
import type { Secret } from '../config/secret.ts';
import { toAttemptError, AttemptError } from './network-error.ts';

export interface Sender {
  readonly fetch: typeof fetch;
  readonly sleep: Context['sleep'];
  readonly key: Secret;
  readonly timeoutMs: number;
  readonly version: string;
}

type Head = Pick<RawResponse, 'status' | 'headers'>;

const overdue = Symbol('overdue');
/** What ends timer and body of an attempt that is over; made once, because each abort without a reason makes an error with its stack. */
const over = new Error('the attempt is over');

/**
 * Sends the request once and reads the answer to its end, all within `timeoutMs`. Resolves once a status line was read, even when the
 * body then broke off; else throws Trouble, or StopError `config`.
 *
 * The deadline is a race, and the controller is a variable here: a signal composed with AbortSignal.any or .timeout is lost to the
 * garbage collector, and a body read after fetch came back has no timeout at all.
 */
export async function attempt(url: URL, request: ApiRequest, sender: Sender): Promise<RawResponse> {
  const controller = new AbortController();
  const { signal } = controller;
  let head: Head | undefined;
  const work = async (): Promise<RawResponse> => {
    const response = await sender.fetch(url.href, { ...initOf(request, sender), signal });
    head = { status: response.status, headers: response.headers };
    return { ...head, text: sender.key.hideIn(await readBody(response)) };
  };
  const deadline = sender.sleep(sender.timeoutMs, signal).then((): typeof overdue => overdue);
  const working = work();
  try {
    const first = await Promise.race([working, deadline]);
    if (first !== overdue) return first;
    throw new AttemptError(`no complete answer within ${sender.timeoutMs / 1000} s`, { arrived: true });
  } catch (error) {
    const trouble = error instanceof AttemptError ? error : toAttemptError(error);
    if (head === undefined) throw trouble;
    return { ...head, text: undefined, broken: trouble.message };
  } finally {
    controller.abort(over);
    working.catch(() => undefined);
  }
}

function initOf({ method, body, retry: repeat }: ApiRequest, { key, version }: Sender): RequestInit {
  const headers: Record<string, string> = {
    authorization: `Bearer ${key.reveal()}`,
    accept: 'application/json',
    'user-agent': `leavers/${version}`,
  };
  // A kept connection may be closed by the other side just as the request leaves; for what must not be sent twice a new one is opened,
  // and "not connected" is then a proof that nothing was sent.
  if (repeat === 'creation') headers['connection'] = 'close';
  // fetch would follow the 302 of a POST as a GET, take that answer for ours, and on the same origin send the key along.
  if (body === undefined) return { method, headers, redirect: 'manual' };
  headers['content-type'] = 'application/json';
  return { method, headers, redirect: 'manual', body: JSON.stringify(body) };
}
