// readApprovers: reads the list of approvers, one e-mail and public key per line.
import { resolve } from 'node:path';
import type { Context } from '../../context.ts';
import { InputError, LeaversError } from '../../errors.ts';
import { readInput } from '../../storage/input-file.ts';
import { fieldParsers } from '../../manifest/rows/field-parsers.ts';
import { FieldError } from '../../manifest/rows/row.ts';
import { foldName } from '../../model.ts';
import { quote } from '../../text/quote.ts';

export interface Approver {
  readonly email: string;
  /** The 32 bytes of an Ed25519 public key, base64url. */
  readonly publicKey: string;
}

/** Approvers by their folded e-mails. */
export type Approvers = ReadonlyMap<string, Approver>;

/** Most malformed lines to list. */
const maxListed = 100;

/**
 * Reads the list. Lines that start with # are comments. Throws LeaversError `missing` for a file that can't be read, InputError with every
 * malformed line, with an e-mail or key that occurs twice, and for an empty list.
 */
export async function readApprovers(path: string, { cwd }: Pick<Context, 'cwd'>): Promise<Approvers> {
  const bytes = await readInput(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError('missing', `${path}: the list of approvers can't be read (${error.code}); nothing was run`);
  });
  const approvers = new Map<string, Approver>();
  /** Lines of e-mails and keys. */
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  textOf(bytes, path)
    .split(/\r\n|\r|\n/)
    .forEach((text, at) => {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) return;
      const read = readLine(line);
      const problem = typeof read === 'string' ? read : problemOf(read, seen);
      if (problem !== undefined) wrong.push(`${path}:${at + 1}: ${problem}`);
      if (typeof read === 'string') return;
      for (const key of keysOf(read)) seen.set(key, seen.get(key) ?? at + 1);
      approvers.set(foldName(read.email), read);
    });
  const more = wrong.length > maxListed ? [`and ${wrong.length - maxListed} more`] : [];
  if (wrong.length > 0) throw new InputError([...wrong.slice(0, maxListed), ...more].join('\n'));
  if (approvers.size === 0)
    throw new InputError(`${path}: names nobody; write one line per person, as leavers approve --new-key prints it`);
  return approvers;
}

function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: not UTF-8; save the list of approvers as UTF-8, one person per line`);
  }
}

/** An approver, or what is wrong with the line. */
function readLine(line: string): Approver | string {
  const [first = '', publicKey = '', ...others] = line.split(/\s+/);
  const email = fieldParsers.email(first, String);
  if (email instanceof FieldError) return email.message;
  if (others.length > 0 || publicKey === '')
    return `${quote(line)} is not an e-mail and a public key; write jo@example.com and the key, with a space between`;
  const bytes = Buffer.from(publicKey, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== publicKey)
    return `${quote(publicKey)} is not a public key; it has 43 characters, as leavers approve --new-key prints it`;
  return { email, publicKey };
}

/** Refuses two keys for one person and two persons for one key, because one person could then approve as two. */
function problemOf(approver: Approver, seen: ReadonlyMap<string, number>): string | undefined {
  const [email, key] = keysOf(approver).map((each) => seen.get(each));
  if (email !== undefined) return `${quote(approver.email)} is already on line ${email}; keep one of them`;
  if (key !== undefined)
    return `the key of ${quote(approver.email)} is already on line ${key}; each person needs their own`;
  return undefined;
}

function keysOf({ email, publicKey }: Approver): [string, string] {
  return [`email ${foldName(email)}`, `key ${publicKey}`];
}
