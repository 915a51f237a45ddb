// Printing: lines to a stream, and colour only where the stream is a terminal that wants it.
import { styleText } from 'node:util';
import type { Context } from '../context.ts';
import { escapeLine } from '../lines.ts';
import type { Paint } from './plantext.ts';

/** Writes one line; the promise resolves when the stream has taken it. A closed pipe is not an error of ours. */
export function print(stream: Context['stdout'], text: string): Promise<void> {
  return new Promise((resolve) => stream.write(`${escapeLine(text)}\n`, () => resolve()));
}

/** Colours for a stream: none off a terminal, with NO_COLOR, or on a dumb terminal. */
export function painter(stream: Context['stdout'], env: Context['env']): Paint {
  const plain = stream.isTTY !== true || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return (style, text) => (plain ? text : styleText(style, text, { validateStream: false }));
}

/** Columns to write for: those of a terminal up to where lines become hard to read, else a hundred. */
export function widthOf({ columns = 100 }: Context['stdout']): number {
  return Math.min(Math.max(columns, 40), 120);
}

/** Lines for a person that may come at any time; whoever draws on the terminal borrows it, and puts them where they do no harm. */
export interface Voice {
  say(text: string): void;
  /** Lines go to `take` until the returned function is called. */
  lend(take: (text: string) => void): () => void;
}

/** A voice on stderr. */
export function openVoice({ stderr }: Context): Voice {
  const own = (text: string): void => void print(stderr, text);
  let now = own;
  return {
    say: (text) => now(text),
    lend: (take) => {
      now = take;
      return () => {
        now = own;
      };
    },
  };
}
