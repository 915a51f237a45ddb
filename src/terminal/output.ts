// Prints lines to a stream, with colour only on a terminal.
import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Context } from '../context.ts';
import { escapeUnsafe } from '../text/sanitize.ts';
import type { Paint } from '../text/style.ts';
import { wrapText } from '../text/wrap.ts';

/** Writes text for readers, wrapped on a terminal. The promise resolves when the stream has accepted it. A closed pipe is not an error. */
export function print(stream: Context['stdout'], text: string): Promise<void> {
  return printData(stream, fitTo(stream, text));
}

/** Wraps the text for a terminal; other streams get it unchanged. A terminal of unknown size has 0 columns. */
export function fitTo({ columns }: Context['stdout'], text: string): string {
  return columns ? wrapText(text, terminalWidth(columns)) : text;
}

/** Writes data for programs, such as JSON, which is never wrapped. */
export function printData(stream: Context['stdout'], text: string): Promise<void> {
  return new Promise((resolve) => stream.write(`${escapeUnsafe(withoutControls(text))}\n`, () => resolve()));
}

const escape = String.fromCodePoint(27);

/** Replaces control characters except tabs, line ends and our own colours, because a file's name may contain some. C1 is escaped afterwards. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (char, at: number) => {
    const isOurs = char === escape && /^\[[\d;]*m/.test(text.slice(at + 1, at + 20));
    const isText = char === '\t' || char === '\n' || (char === '\r' && text[at + 1] === '\n');
    return isOurs || isText || char >= '\u007f' ? char : '\uFFFD';
  });
}

/** Writes lines, in order. */
export async function printLines(stream: Context['stdout'], lines: readonly string[]): Promise<void> {
  for (const line of lines) await print(stream, line);
}

/** A stream that wraps lines of text in JSON objects; lines of JSON are passed unchanged. It is not a terminal, so nothing is drawn. */
export function jsonStream(stream: Context['stdout'], { clock }: Pick<Context, 'clock'>): Context['stdout'] {
  const lineOf = (text: string) => {
    const message = text.replace(/\n$/, '');
    if (message.startsWith('{')) return message;
    const level = message.startsWith('leavers: ') ? 'error' : message.startsWith('warning: ') ? 'warn' : 'info';
    return JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message });
  };
  return new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => void stream.write(`${lineOf(text)}\n`, () => done()),
  });
}

/** Colours for a stream: none without a terminal, with NO_COLOR, or on a dumb terminal. */
export function paintFor(stream: Context['stdout'], env: Context['env']): Paint {
  const plain = stream.isTTY !== true || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return (style, text) => (plain ? text : styleText(style, text, { validateStream: false }));
}

/** The width for output: that of the terminal, up to a readable maximum. */
function terminalWidth(columns: number): number {
  return Math.min(Math.max(columns, 40), 120);
}

/** Prints lines. While the progress display draws, it redirects them so that they appear above it. */
export interface StatusLine {
  write(text: string): void;
  /** Lines go to `take` until the returned function is called. */
  redirect(take: (text: string) => void): () => void;
}

/** A status line on stderr. */
export function openStatusLine({ stderr }: Context): StatusLine {
  const own = (text: string): void => void print(stderr, text);
  let now = own;
  return {
    write: (text) => now(text),
    redirect: (take) => {
      now = take;
      return () => {
        now = own;
      };
    },
  };
}
