// The key never shows, in any form it may take on its way.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseKey, redact, Secret } from '../../../src/config/secret.ts';
import { canary } from '../../support/jumping-clock.ts';

const secret = parseKey(canary, 'the test');

describe('a secret', () => {
  it.each([
    ['a list', () => [secret].join()],
    ['concatenation', () => 'x' + String(secret)],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspection', () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['an error that holds it', () => inspect(Object.assign(new Error('x'), { secret }))],
    ['its own properties', () => JSON.stringify(Object.getOwnPropertyDescriptors(secret))],
    ['its fingerprint', () => secret.fingerprint()],
  ])('does not show in %s', (_how, show) => {
    expect(show()).not.toContain(canary.slice(0, 6));
  });

  it('is revealed only by its method', () => {
    expect(secret.reveal()).toBe(canary);
  });

  it('has a fingerprint that distinguishes two keys', () => {
    expect(secret.fingerprint()).toMatch(/^[0-9a-f]{12}$/);
    expect(secret.fingerprint()).not.toBe(new Secret(`${canary}1`).fingerprint());
  });
});

describe('a key that is read', () => {
  it.each([`${canary}\n`, `\r\n ${canary}\t`, `\ufeff${canary}`])('is trimmed once: %j', (text) => {
    expect(parseKey(text, 'key.txt').reveal()).toBe(canary);
  });

  it.each([
    ['an empty file', '', 'key.txt is empty'],
    ['blanks only', ' \n\t ', 'key.txt is empty'],
    ['a line break inside', 'abcd\nefgh', 'byte 5 '],
    ['a space after leading blanks', '  abcd efgh', 'byte 7 '],
    ['a NUL', 'ab\0cd', 'byte 3 '],
    ['a letter of two bytes before the fault', 'äb', 'byte 1 '],
    ['a byte order mark inside', 'abc\ufeffdef', 'byte 4 '],
    ['a line separator', 'abc\u2028def', 'byte 4 '],
    ['a whole file', 'x'.repeat(5000), '5000 characters'],
  ])('is refused when it is %s, without showing it', (_what, text, said) => {
    const attempt = () => parseKey(text, 'key.txt');
    expect(attempt).toThrow(said);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'config', message: expect.not.stringContaining('efgh') }));
  });
});

describe('redacting', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    ['as it is', canary],
    ['twice', `${canary} and ${canary}`],
    ['in a header', `authorization: Bearer ${canary}\r\n`],
    ['in JSON', JSON.stringify({ key: canary })],
    ['percent-encoded', `?key=${encodeURIComponent(canary)}`],
    ['percent-encoded in lower case', encodeURIComponent(canary).replace(/%../g, (hex) => hex.toLowerCase())],
    ['in base64', base64(canary)],
    ['in base64 behind one byte', base64(`:${canary}`)],
    ['in base64 behind a user name', base64(`user@example.com:${canary}`)],
    ['in base64url', Buffer.from(`ab${canary}`).toString('base64url')],
  ])('masks the key %s', (_how, text) => {
    const masked = redact(secret, text);
    expect(masked).toContain('[key]');
    for (const form of [canary, encodeURIComponent(canary), base64(canary).slice(4, -4)])
      expect(masked).not.toContain(form);
    expect(Buffer.from(masked.replaceAll('[key]', ''), 'base64').toString()).not.toContain(canary.slice(8, -8));
  });

  it('leaves other text alone, and all text when the key is the word of the sandbox', () => {
    expect(redact(secret, 'nothing here')).toBe('nothing here');
    expect(redact(new Secret('sandbox'), 'the sandbox says')).toBe('the sandbox says');
  });
});
