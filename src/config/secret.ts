// The API key: checked before it can reach a header, wrapped so that printing it by accident prints `[key]`. The caller finds it.
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { LeaversError } from '../errors.ts';

const mask = '[key]';
const maxLength = 4096;

/** A key that templates, JSON, logs and inspection never show. Only `reveal` returns it, for the Authorization header. */
export class Secret {
  readonly #text: string;
  #forms: RegExp | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** 12 hex digits of SHA-256, to distinguish keys in a report. */
  fingerprint(): string {
    return createHash('sha256').update(this.#text).digest('hex').slice(0, 12);
  }

  /** The text with the key masked, in every encoding. */
  hideIn(text: string): string {
    this.#forms ??= new RegExp(
      formsOf(this.#text)
        .map((form) => RegExp.escape(form))
        .join('|') || '(?!)',
      'g',
    );
    return text.replace(this.#forms, mask);
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}

/** A shorter key is the sandbox's fixed word; masking it would only damage messages. */
const shortestHidden = 8;

function formsOf(key: string): string[] {
  if (key.length < shortestHidden) return [];
  const escaped = JSON.stringify(key).slice(1, -1);
  const encoded = encodeURIComponent(key);
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  const forms = [key, escaped, encoded, lower, ...[0, 1, 2].flatMap((shift) => encodedAfter(shift, key))];
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

/** The key in base64 after `shift` other bytes, without the characters that depend on neighbouring bytes. */
function encodedAfter(shift: number, key: string): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(key)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  return (['base64', 'base64url'] as const).map((form) => whole.toString(form).slice(shift === 0 ? 0 : 4));
}

/**
 * Parses a key from a file, an input stream or a variable: trimmed once, printable ASCII without spaces, at most 4096 characters.
 * Throws LeaversError `config` with the position of a wrong byte, never the value.
 */
export function parseKey(text: string, where: string): Secret {
  const key = text.trim();
  if (key === '')
    throw new LeaversError('config', `${where} is empty; give an organization API key of admin.atlassian.com`);
  if (key.length > maxLength) {
    throw new LeaversError(
      'config',
      `${where} is ${key.length} characters long; a key has at most ${maxLength}, so check that it is the right file`,
    );
  }
  const at = key.search(/[^\x21-\x7e]/);
  if (at < 0) return new Secret(key);
  const byte = Buffer.byteLength(text.slice(0, text.indexOf(key) + at)) + 1;
  throw new LeaversError(
    'config',
    `${where} has a character at byte ${byte} that no key has; a key is one line of printable ASCII without spaces, so copy it again`,
  );
}

/** The text with the key masked, also base64 or percent-encoded. */
export function redact(secret: Secret, text: string): string {
  return secret.hideIn(text);
}
