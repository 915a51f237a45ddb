// openDialog: questions on a terminal, one at a time, until the answer is usable; a secret is not shown while it is typed.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Context } from '../../context.ts';
import { LeaversError, StopError } from '../../errors.ts';
import { print } from '../../terminal/output.ts';
import { neutralize } from '../../text/sanitize.ts';

/** Reads an answer, or throws LeaversError with what is allowed. */
type Reading<T> = (answer: string) => T | Promise<T>;

export interface Dialog extends Disposable {
  /** Aborted by Ctrl-C, which is a key on a terminal in raw mode, and by the end of the input. */
  readonly signal: AbortSignal;
  print(text: string): void;
  ask<T>(question: string, read: Reading<T>): Promise<T>;
  /** Like `ask`, and nothing of the answer is shown. */
  askHidden<T>(question: string, read: Reading<T>): Promise<T>;
}

/** Opens a dialog between stdin and stderr. Ctrl-C and the end of the input throw StopError `SIGINT`. */
export function openDialog({ stdin, stderr }: Context): Dialog {
  let isHidden = false;
  const output = new Writable({
    write: (text: string | Uint8Array, _, done) => void (isHidden ? done() : stderr.write(text, () => done())),
  });
  // No history: it would keep the key.
  const terminal = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  const ended = new AbortController();
  const end = () => ended.abort();
  terminal.on('SIGINT', end).on('close', end);
  const say = (text: string) => void print(stderr, text);
  const answerTo = async (question: string): Promise<string> => {
    const answer = await terminal.question(question, { signal: ended.signal }).catch(() => '');
    if (!ended.signal.aborted) return answer.trim();
    say('');
    throw new StopError('SIGINT', 'Cancelled, nothing was saved');
  };
  const hidden = async (question: string): Promise<string> => {
    stderr.write(question);
    isHidden = true;
    try {
      return await answerTo('');
    } finally {
      isHidden = false;
      say('');
    }
  };
  const until = async <T>(ask: () => Promise<string>, read: Reading<T>): Promise<T> => {
    for (;;) {
      const answer = await ask();
      try {
        return await read(answer);
      } catch (error) {
        if (!(error instanceof LeaversError)) throw error;
        say(neutralize(error.message));
      }
    }
  };
  return {
    signal: ended.signal,
    print: say,
    ask: (question, read) => until(() => answerTo(question), read),
    askHidden: (question, read) => until(() => hidden(question), read),
    [Symbol.dispose]: () => terminal.close(),
  };
}
