// EncodingScan, readText: bytes → UTF-8 text, by byte order mark, else strict UTF-8, else Windows-1252 with a warning.
import { isUtf8 } from 'node:buffer';
import { InputError, LeaversError } from '../../errors.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import type { Source } from './source.ts';

export interface Encoding {
  /** A WHATWG label as the standard spells it, like `utf-8`. */
  readonly name: string;
  readonly warning?: string;
}

/** Most values in a warning. */
const samples = 3;
const separators = /[\t\n\r";,|]+/;

/** Checks every byte of a file to decide whether it is UTF-8. */
export class EncodingScan {
  #utf8 = true;
  #rest: Buffer = Buffer.alloc(0);
  #head: Buffer | undefined;
  readonly #samples = new Set<string>();
  #size = 0;
  #nul: number | undefined;

  readonly see = (bytes: Buffer): void => {
    this.#head ??= Buffer.from(bytes.subarray(0, 4));
    const nul = this.#nul === undefined ? bytes.indexOf(0) : -1;
    if (nul !== -1) this.#nul = this.#size + nul;
    this.#size += bytes.length;
    if (!this.#utf8 && this.#samples.size >= samples) return;
    const whole = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = whole.length - unfinished(whole);
    if (!isUtf8(whole.subarray(0, end))) this.#foreign(whole.subarray(0, end));
    this.#rest = Buffer.from(whole.subarray(end));
  };

  /** The requested encoding, or the detected one. Throws if it is unknown or does not fit the bytes. */
  settle(path: string, label: string | undefined): Encoding {
    const name = label === undefined ? byMark(this.#head ?? Buffer.alloc(0)) : readEncoding(label);
    if (this.#rest.length > 0) this.#foreign(this.#rest);
    if (this.#nul !== undefined && !name?.startsWith('utf-16'))
      throw new InputError(`${path}: has a NUL byte at offset ${this.#nul}; if it is UTF-16, give --encoding utf-16le`);
    if (name !== undefined && name !== 'utf-8') return { name };
    if (this.#utf8) return { name: 'utf-8' };
    const values = quoteAll([...this.#samples]);
    if (name === 'utf-8')
      throw new InputError(
        `${path}: is not UTF-8 (${values} as Windows-1252); save it as UTF-8 or give its --encoding`,
      );
    const warning = `not UTF-8, so read as Windows-1252: ${values}; if that looks wrong, give --encoding`;
    return { name: 'windows-1252', warning };
  }

  #foreign(bytes: Buffer): void {
    this.#utf8 = false;
    const text = new TextDecoder('windows-1252').decode(bytes);
    for (const value of text.split(separators)) {
      if (this.#samples.size >= samples) return;
      if (/[^\x20-\x7e]/.test(value)) this.#samples.add(value.trim());
    }
  }
}

/** Number of bytes at the end that belong to an incomplete character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** Parses the encoding of a flag or job file to its standard name. Throws LeaversError `usage` for an unknown one. */
export function readEncoding(label: string, where = '--encoding'): string {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    const message = `${where} ${quote(label)} is not an encoding; give one like utf-8, windows-1252 or utf-16le`;
    throw new LeaversError('usage', message);
  }
}

function byMark(head: Buffer): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** The file as UTF-8 without byte order mark. Throws InputError for bytes that are invalid in the encoding. */
export async function* readText(source: Source, encoding: string): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') yield* withoutMark(source);
  else yield* recoded(source, encoding);
}

async function* withoutMark(source: Source): AsyncGenerator<Buffer> {
  let first = true;
  for await (const bytes of source.read()) {
    yield first && byMark(bytes) === 'utf-8' ? bytes.subarray(3) : bytes;
    first = false;
  }
}

async function* recoded(source: Source, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252' });
  try {
    for await (const bytes of source.read()) yield Buffer.from(decoder.decode(bytes, { stream: true }));
    const rest = decoder.decode();
    if (rest !== '') yield Buffer.from(rest);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(`${source.path}: contains bytes that are not ${encoding}; give the right --encoding`);
  }
}
