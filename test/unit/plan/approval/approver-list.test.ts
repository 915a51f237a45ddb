// The list of approvers: what a line may be, and every malformed line with its place.
import { describe, expect, it } from 'vitest';
import { LeaversError } from '../../../../src/errors.ts';
import { readApprovers } from '../../../../src/plan/approval/approver-list.ts';
import { desk, file } from '../../../support/scenario.ts';

const key = (n: number) => Buffer.alloc(32, n).toString('base64url');
const read = (text: string | Uint8Array) => readApprovers(file('approvers.txt', text), { cwd: desk });

describe('a list of approvers', () => {
  it('has one e-mail and public key a line, with comments and blank lines', async () => {
    const text = `# finance\r\nJo@Example.com ${key(1)}\n\n  ada@example.com\t${key(2)}  \n`;
    expect([...(await read(text))]).toEqual([
      ['jo@example.com', { email: 'jo@example.com', publicKey: key(1) }],
      ['ada@example.com', { email: 'ada@example.com', publicKey: key(2) }],
    ]);
  });

  it.each([
    ['no key', 'jo@example.com', /:1: .*is not an e-mail and a public key/],
    ['no e-mail', key(1), /:1: .*is not an address/],
    ['words after the key', `jo@example.com ${key(1)} Jo`, /:1: .*with a space between/],
    ['a short key', `jo@example.com ${key(1).slice(1)}`, /:1: .*is not a public key; it has 43 characters/],
    ['a long key', `jo@example.com ${Buffer.alloc(33).toString('base64url')}`, /is not a public key/],
    ['a key with padding', `jo@example.com ${key(1)}=`, /is not a public key/],
    [
      'an e-mail twice',
      `jo@example.com ${key(1)}\nJO@example.com ${key(2)}`,
      /:2: "jo@example.com" is already on line 1/,
    ],
    [
      'a key twice',
      `jo@example.com ${key(1)}\nada@example.com ${key(1)}`,
      /:2: the key of "ada@example.com" is already on line 1/,
    ],
    ['nobody', '# nobody yet\n', /names nobody/],
    ['nothing', '', /names nobody/],
    ['another encoding', Uint8Array.of(0xff, 0xfe, 0x41), /not UTF-8/],
  ])('with %s is refused', async (_, text, words) => {
    const error = await read(text).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LeaversError);
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringMatching(words) });
  });

  it('names every malformed line', async () => {
    const error = (await read('a\nb\nc\n').catch((reason: unknown) => reason)) as LeaversError;
    expect(error.message.split('\n')).toHaveLength(3);
  });

  it('that is not there is missing', async () => {
    const error = await readApprovers('/nowhere/list', { cwd: desk }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'missing' });
  });
});
