// All the envelopes that the organization, its gateways and strangers put an error in.
import { describe, expect, it } from 'vitest';
import { hasApiCode, decodeResponse } from '../../../src/client/decode-response.ts';

const hear = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  decodeResponse({
    status,
    headers: new Headers(headers),
    content: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('a refusal', () => {
  const one = { id: 'trace-1', status: '404', code: 'ADMIN-404-8', title: 'Not found', detail: 'User not found' };
  const read = { code: 'ADMIN-404-8', title: 'Not found', detail: 'User not found', traceId: 'trace-1' };
  it.each([
    ['A: a list', { errors: [one] }, read],
    ['A with the status as a number', { errors: [{ ...one, status: 404 }] }, read],
    ['A with several', { errors: [one, one, one] }, { ...read, detail: 'User not found (and 2 more)' }],
    ['B: the proxy', { code: 401, message: 'Unauthorized' }, { code: '401', title: 'Unauthorized' }],
    [
      'C: the routing layer',
      {
        timestamp: 'x',
        path: '/x',
        status: 404,
        error: 'Not Found',
        requestId: 'r-1',
        message: 'TCS validation failed',
      },
      { title: 'Not Found', detail: 'TCS validation failed', traceId: 'r-1' },
    ],
    [
      'D: a key',
      { key: 'forbidden.action', context: { message: 'no' } },
      { code: 'forbidden.action', title: 'forbidden.action', detail: 'no' },
    ],
    ['D without a context', { key: 'accountNotFound' }, { code: 'accountNotFound', title: 'accountNotFound' }],
    ['E: one alone', one, read],
    ['a message alone', { message: 'nope' }, { title: 'nope' }],
    ['F: empty', '', { title: 'HTTP 404' }],
    ['F: text', 'upstream went away', { title: 'HTTP 404', detail: 'upstream went away' }],
    [
      'F: HTML',
      '<html><head><title>404 Not Found</title></head></html>',
      { title: 'HTTP 404', detail: '404 Not Found' },
    ],
    ['errors of the wrong kind', { errors: 'all of them' }, { title: 'HTTP 404', detail: '{"errors":"all of them"}' }],
    ['null', 'null', { title: 'HTTP 404', detail: 'null' }],
    ['a list', [1, 2], { title: 'HTTP 404', detail: '[1,2]' }],
    ['fields of the wrong kind', { errors: [{ code: {}, title: [], detail: null }] }, {}],
  ])('in envelope %s', (_name, body, error) => {
    expect(hear(404, body).error).toEqual(error);
  });

  it('returns its message to a matching request, with the code', () => {
    expect(hear(409, { errors: [{ code: 'X', title: 'Conflict', detail: 'already a member' }] }).answer).toMatchObject({
      status: 409,
      code: 'X',
      text: 'Conflict: already a member',
    });
  });

  it('takes the trace id from a header when the body has none', () => {
    expect(hear(500, '', { 'atl-traceid': 'abc' }).error).toEqual({ title: 'HTTP 500', traceId: 'abc' });
  });

  it('keeps control characters, bidirectional marks and length away from reports and terminals', () => {
    const detail =
      hear(400, { message: `a\u001b[31m\u009b\u202eb\u2028c\ud800${'x'.repeat(10_000)}` }).error?.title ?? '';
    expect(detail).toMatch(/^a \[31m bc?/);
    expect(detail).not.toMatch(/[\p{Cc}\u2028\u202e\ud800]/u);
    expect(detail.length).toBeLessThanOrEqual(300);
  });

  it.each([301, 302, 303, 307, 308])('%i names where it points and that nobody follows', (status) => {
    const { error } = hear(status, '', { location: 'https://evil.example/\u001b' });
    expect(error?.detail).toContain('evil.example');
    expect(error?.detail).toContain('never followed');
  });
});

describe('a success', () => {
  it.each([200, 201, 202, 204, 206])('%i has no error', (status) => {
    expect(hear(status, '').error).toBeUndefined();
  });

  it('is none when its body is nothing but errors', () => {
    expect(hear(200, { errors: [{ code: 'ADMIN-400-4', title: 'Bad' }] }).error).toEqual({
      code: 'ADMIN-400-4',
      title: 'Bad',
    });
  });

  it('stays one when there is data beside the errors, as in an invitation done in part', () => {
    expect(hear(206, { data: [], errors: [{ title: 'one failed' }] }).error).toBeUndefined();
  });

  it.each([
    ['<!doctype html><p>Log in</p>', {}, true],
    ['Log in', { 'content-type': 'text/html; charset=utf-8' }, true],
    ['{"a":1}', { 'content-type': 'text/html' }, false],
    ['OK', { 'content-type': 'text/plain' }, false],
    ['', { 'content-type': 'text/html' }, false],
  ])('%j with %j is a page for people: %s', (text, headers, isPage) => {
    expect(hear(200, text, headers).isPage).toBe(isPage);
  });
});

describe('a code', () => {
  it.each([
    [{ errors: [{ code: 'ADMIN-404-8' }] }, true],
    [{ key: 'accountNotFound' }, true],
    [{ code: 404, message: 'gone' }, false],
    [{ error: 'Not Found', message: 'x' }, false],
    ['', false],
  ])('of %j is of the API: %s', (body, isCode) => {
    expect(hasApiCode(hear(404, body).answer)).toBe(isCode);
  });
});
