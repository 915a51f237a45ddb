// What an answer or its absence means for a request: final, to be tried again, or lost. Pure tables; waiting and counting are client.ts.
import type { ApiRequest, RetrySafety } from '../actions/action.ts';
import type { RawResponse, DecodedResponse } from './decode-response.ts';
import { AttemptError } from './network-error.ts';

/** Answers of servers and gateways in trouble; 501 and 505 are refusals that will not change. */
export function isServerTrouble(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * Why a heard answer can't be used, or undefined when it can: servers in trouble, a page for people under a 2xx (a login page or a
 * proxy, not the API), and a 2xx whose body is needed and can't be read.
 */
export function attemptErrorIn(
  request: ApiRequest,
  heard: RawResponse,
  understood: DecodedResponse,
): AttemptError | undefined {
  const { status } = heard;
  if (isServerTrouble(status)) {
    const { error } = understood;
    const words = error?.detail ?? error?.title;
    const said = words === undefined || words === `HTTP ${status}` ? '' : `: ${words}`;
    return new AttemptError(`the API answered HTTP ${status}${said}`, {
      arrived: true,
      status,
      ...(error === undefined ? {} : { error }),
    });
  }
  if (status < 200 || status > 299) return undefined;
  if (understood.isPage)
    return new AttemptError(
      `HTTP ${status} came with a page for people; something on the way answered in place of the API`,
      { arrived: true, status },
    );
  if (request.needsBody !== true || understood.isRead) return undefined;
  const how = heard.broken ?? (heard.text === '' ? 'it is empty' : 'it is not JSON');
  return new AttemptError(`HTTP ${status} came with a body that can't be used: ${how}`, { arrived: true, status });
}

/**
 * Whether to send again after trouble. What a repetition does is the action's to say, not the HTTP verb's: setting a state or removing
 * twice is harmless, creating twice is not, so a creation goes again only when it surely never left.
 */
export function mayRepeat(repeat: RetrySafety, trouble: AttemptError): boolean {
  return repeat === 'creation' ? !trouble.facts.arrived : true;
}

const baseMs = 500;
const capMs = 30_000;

/** Full jitter: anything from 0 to 500 ms, doubled with each retry after the first, at most 30 s. `retry` counts from 1. */
export function backoffMs(retry: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** Math.min(retry - 1, 10));
}
