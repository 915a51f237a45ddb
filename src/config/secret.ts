// The API key: checked before it can reach a header, wrapped so that printing it by accident prints `[key]`. Where it comes from is the caller's.
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { LeaversError } from '../errors.ts';

const mask = '[key]';
const maxLength = 4096;

/** A key that no template, JSON, log line or inspection shows; only `reveal` does, for the one header it goes into. */
export class Secret {
  readonly #text: string;
  #forms: RegExp | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** 12 hexadecimal digits of SHA-256: tells two keys apart in a report and gives neither away. */
  fingerprint(): string {
    return createHash('sha256').update(this.#text).digest('hex').slice(0, 12);
  }

  /** The text with the key masked in every form it may have taken on its way. */
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

/** Shorter than this it is the sandbox's word, not a key; masking it would spoil sentences and hide nothing. */
const shortestHidden = 8;

function formsOf(key: string): string[] {
  if (key.length < shortestHidden) return [];
  const escaped = JSON.stringify(key).slice(1, -1);
  const encoded = encodeURIComponent(key);
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  const forms = [key, escaped, encoded, lower, ...[0, 1, 2].flatMap((shift) => encodedAfter(shift, key))];
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

/** What base64 makes of the key after `shift` other bytes, without the characters at the ends that depend on neighbours. */
function encodedAfter(shift: number, key: string): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(key)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  return (['base64', 'base64url'] as const).map((form) => whole.toString(form).slice(shift === 0 ? 0 : 4));
}

/**
 * Takes a key out of a file, an input stream or a variable: trimmed once, printable ASCII without spaces, at most 4096 characters.
 * Throws LeaversError `config` that names the byte at fault, never the value.
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
