// Creates and reads private keys of approvers: Ed25519 in PEM (PKCS #8), one file per person.
import { resolve } from 'node:path';
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose';
import type { Context } from '../../context.ts';
import { InputError, LeaversError } from '../../errors.ts';
import { openInput, readOpened } from '../../storage/input-file.ts';
import { writeNewFile } from '../../storage/new-file.ts';

/** The one algorithm of approvals (RFC 9864). */
export const algorithm = 'Ed25519';

/** A private key, and the public one as a list of approvers has it. */
export interface ApproverKey {
  readonly privateKey: CryptoKey;
  /** 32 bytes, base64url. */
  readonly publicKey: string;
}

/** Most bytes of a key file; a key has about 120. */
const maxBytes = 4096;

/** Creates a key in a new file with mode 0600. Throws LeaversError `report` when the file exists. */
export async function createKey(path: string, context: Context): Promise<ApproverKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  await writeNewFile(path, [await exportPKCS8(privateKey)], context);
  return withPublic(privateKey);
}

/** Reads a key file. Throws LeaversError `missing` when it can't be read, InputError when it is not such a key. */
export async function readKeyFile(
  path: string,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<ApproverKey & { readonly warnings: readonly string[] }> {
  const { text, mode } = await readText(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError('missing', `${path}: the key file can't be read (${error.code}); check the path`);
  });
  const warnings = (mode & 0o077) === 0 ? [] : [`${path} can be read by others on this machine; chmod 600 it`];
  try {
    return { ...(await withPublic(await importPKCS8(text.trim(), algorithm, { extractable: true }))), warnings };
  } catch {
    throw new InputError(`${path}: no private key (Ed25519, PEM); make one with leavers approve --new-key FILE`);
  }
}

async function readText(path: string): Promise<{ text: string; mode: number }> {
  const opened = openInput(path);
  return { text: (await readOpened(opened, maxBytes)).toString('utf8'), mode: opened.mode };
}

async function withPublic(privateKey: CryptoKey): Promise<ApproverKey> {
  const { x } = await exportJWK(privateKey);
  if (x === undefined) throw new Error('bug: a private key without its public half');
  return { privateKey, publicKey: x };
}
