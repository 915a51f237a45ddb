// `confirm`: the question before anything is changed - yes for reversible changes, the typed number for irreversible ones.
import { createInterface } from 'node:readline/promises';
import type { Context } from '../../context.ts';
import { interruption, LeaversError, StopError } from '../../errors.ts';
import { print } from '../../terminal/output.ts';
import { many } from '../../text/phrases.ts';

export interface Question {
  readonly changes: number;
  readonly irreversible: number;
  readonly yes: boolean;
  readonly input: boolean;
}

/** Resolves after a yes or with `--yes`. Throws LeaversError `refused` otherwise, and StopError after a signal. */
export async function confirm(
  { changes, irreversible, yes, input }: Question,
  { stop, context }: { readonly stop: AbortSignal; readonly context: Context },
): Promise<void> {
  if (yes || changes === 0) return;
  const answers = input ? answersFrom(context) : undefined;
  if (answers === undefined)
    throw new LeaversError(
      'refused',
      `refused: no terminal to confirm ${many(changes, 'change')}; pass --yes if the plan is right`,
    );
  const expected = irreversible > 0 ? String(changes) : 'yes';
  const question =
    irreversible > 0
      ? `Type ${changes} to apply ${changes === 1 ? 'the change' : `all ${changes} changes`} (${irreversible} irreversible): `
      : `Apply ${changes === 1 ? 'this change' : `these ${changes} changes`}? Type yes to continue: `;
  const terminal = createInterface({ input: answers, output: context.stderr });
  // On a terminal in raw mode Ctrl-C is a key, not a signal of the process.
  const typed = new AbortController();
  terminal.on('SIGINT', () => typed.abort('SIGINT'));
  const signal = AbortSignal.any([stop, typed.signal]);
  const answer = await terminal.question(question, { signal }).catch(() => undefined);
  terminal.close();
  if (answers !== context.stdin) answers.destroy();
  if (signal.aborted) throw new StopError(interruption(signal.reason).kind, 'Cancelled, nothing sent');
  // At the end of the input the cursor stands behind the question.
  if (answer === undefined) await print(context.stderr, '');
  if (answer?.trim().toLowerCase() !== expected)
    throw new LeaversError('refused', `refused: the answer was not "${expected}"; nothing was sent`);
}

/** Standard input; the terminal itself when standard input is the manifest or the key. */
function answersFrom(context: Context): Context['stdin'] | undefined {
  return context.stdin.isTTY === true ? context.stdin : context.openTerminal?.();
}
