// decodeResponse: status, headers and text → data or error, in all envelopes of the API. Pure; response-policy.ts and callers act on it.
import type { Answer } from '../actions/action.ts';
import type { ErrorDetail } from '../model.ts';
import { sanitize } from '../text/sanitize.ts';

/** An answer as it was read. `content` is '' when the body broke off, stalled or was too long; `broken` says how. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly content: string;
  readonly broken?: string;
}

/** `error` is there for every status but 2xx, and for a 2xx whose body is nothing but errors. */
export interface DecodedResponse {
  readonly answer: Answer;
  readonly error?: ErrorDetail;
  /** The body is an HTML page, so a proxy or portal answered, not the organization's API. */
  readonly isPage: boolean;
  /** JSON was read. */
  readonly isRead: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const traceNames = ['atl-traceid', 'x-trace-id', 'x-request-id', 'x-b3-traceid', 'atl-request-id'];

/** Decodes a response: data or error, request id, and whether it is JSON or a page. */
export function decodeResponse(raw: RawResponse): DecodedResponse {
  const { status, headers, content } = raw;
  const body = parse(content);
  const isPage = content !== '' && body === undefined && isMarkup(headers, content);
  const isRefusal = status < 200 || status > 299 || isNothingButErrors(body);
  const requestId = firstHeader(headers, traceNames);
  const base = { status, body, ...(requestId === undefined ? {} : { requestId: sanitize(requestId, 100) }) };
  if (!isRefusal) return { answer: base, isPage, isRead: body !== undefined };
  const error = detailOf(raw, body);
  const words = [error.title, error.detail].filter((part) => part !== undefined).join(': ');
  const answer: Mutable<Answer> = base;
  if (error.code !== undefined) answer.code = error.code;
  if (words !== '') answer.text = words;
  return { answer, error, isPage, isRead: body !== undefined };
}

/** Whether the organization itself refused, with a code of its own; gateways and proxies have none, or a bare number. */
export function hasApiCode(answer: Answer): boolean {
  return answer.code !== undefined && /\D/.test(answer.code);
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isMarkup(headers: Headers, text: string): boolean {
  return /html|xml/i.test(headers.get('content-type') ?? '') || /^\s*</.test(text);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{"errors":[…]}` under a 2xx; with data beside it (an invitation done in part) it is an answer. */
function isNothingButErrors(body: unknown): boolean {
  return isFields(body) && Array.isArray(body['errors']) && body['errors'].some(isFields) && body['data'] === undefined;
}

/** The envelopes of the API by the field that tells them apart; the first that fits is read. */
function detailOf(raw: RawResponse, body: unknown): ErrorDetail {
  const fields = isFields(body) ? body : {};
  const detail: Mutable<ErrorDetail> = readEnvelope(fields) ?? fallback(raw);
  const trace = textOf(fields['requestId']) ?? detail.traceId ?? firstHeader(raw.headers, traceNames);
  if (trace !== undefined) detail.traceId = sanitize(trace, 100);
  return detail;
}

function readEnvelope(fields: Fields): Mutable<ErrorDetail> | undefined {
  const { errors, code, key, error, message } = fields;
  if (Array.isArray(errors) && errors.some(isFields)) return fromList(errors.filter(isFields));
  if (typeof key === 'string') return fromKey(fields);
  if (typeof code === 'string' || typeof fields['title'] === 'string') return fromOne(fields);
  if (typeof error === 'string') return detailFrom({ title: error, detail: message });
  return typeof message === 'string' ? detailFrom({ code, title: message }) : undefined;
}

function fromList(errors: readonly Fields[]): Mutable<ErrorDetail> {
  const [first = {}, ...more] = errors;
  const detail = fromOne(first);
  if (more.length > 0) detail.detail = `${detail.detail ?? detail.title ?? ''} (and ${more.length} more)`.trimStart();
  return detail;
}

function fromOne({ id, code, title, detail, message }: Fields): Mutable<ErrorDetail> {
  return detailFrom({ code, title, detail: detail ?? message, traceId: id });
}

/** `{"key":"forbidden.action","context":{"message":…}}`; in place of the message there may be a reason with a key, or error codes. */
function fromKey({ key, context, errorDetail, message }: Fields): Mutable<ErrorDetail> {
  const inner = isFields(context) ? textOfContext(context) : context;
  return detailFrom({ code: key, title: key, detail: inner ?? errorDetail ?? message });
}

function textOfContext({ message, reason, errorCodes }: Fields): unknown {
  const codes = Array.isArray(errorCodes) ? errorCodes.filter(isFields).map(({ code }) => textOf(code)) : [];
  const parts = [message, isFields(reason) ? reason['key'] : undefined, ...codes].map(textOf);
  return parts.filter((part) => part !== undefined).join(', ') || undefined;
}

function detailFrom(raw: Readonly<Record<keyof ErrorDetail, unknown>> | Fields): Mutable<ErrorDetail> {
  const detail: Mutable<ErrorDetail> = {};
  for (const name of ['code', 'title', 'detail', 'traceId'] as const) {
    const text = textOf((raw as Fields)[name]);
    if (text !== undefined) detail[name] = sanitize(text, name === 'code' ? 100 : 300);
  }
  return detail;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Nothing readable: the status, and the beginning of whatever text there is. */
function fallback({ status, headers, content, broken }: RawResponse): Mutable<ErrorDetail> {
  const title = `HTTP ${status}`;
  if (status >= 300 && status < 400) return { title, detail: redirect(headers) };
  const words = isMarkup(headers, content) ? (/<title[^>]*>([^<]*)/i.exec(content)?.[1] ?? 'an HTML page') : content;
  const detail = sanitize(words.trim() === '' ? (broken ?? '') : words, 200);
  return detail === '' ? { title } : { title, detail };
}

function redirect(headers: Headers): string {
  const host = URL.parse(headers.get('location') ?? '')?.host;
  return `a redirect${host ? ` to ${sanitize(host, 100)}` : ''}; redirects are never followed, so that the key stays with the API`;
}

function firstHeader(headers: Headers, names: readonly string[]): string | undefined {
  return names.map((name) => headers.get(name)).find((value) => value !== null) ?? undefined;
}
