// doubtIn(): why a 2xx answer does not confirm a change.
import type { Answer, ApiRequest } from './action.ts';

/** Fields of the API's own answers to changes. */
const ownFields = ['message', 'groupId'];
/** Fields of error envelopes. */
const errorFields = ['error', 'errors', 'code', 'key'];

/**
 * The doubt in words, or undefined for an answer that confirms the change: one without JSON, or with the API's own fields. A request that
 * needs its body is read by its action.
 */
export function unconfirmedReason(
  { retry, needsBody }: ApiRequest,
  { status, body, text }: Answer,
): string | undefined {
  if (status > 299 || retry === 'read') return undefined;
  const words = text === undefined ? '' : ` (${text})`;
  const failure = `HTTP ${status} came with a body that reports a failure${words}`;
  if (isObject(body) && errorFields.some((name) => isSaid(body[name])) && body['data'] === undefined) return failure;
  if (needsBody === true || body === undefined) return undefined;
  const foreign = `HTTP ${status} came with a body that is not from this API`;
  if (!isObject(body)) return foreign;
  if (errorFields.some((name) => isSaid(body[name]))) return failure;
  const names = Object.keys(body);
  return names.length === 0 || names.some((name) => ownFields.includes(name)) ? undefined : foreign;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
}
