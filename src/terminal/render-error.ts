// renderError: renders an error as a sentence for stderr and an exit code, with secrets masked.
import type { Context } from '../context.ts';
import { type ErrorKind, exitCodes, LeaversError } from '../errors.ts';

/** Masks a secret in a text. */
export interface Mask {
  hideIn(text: string): string;
}

/** The format of errors. */
export interface ErrorFormat {
  readonly verbose: boolean;
  readonly json: boolean;
  readonly masks: readonly Mask[];
}

export interface RenderedError {
  readonly code: number;
  /** The text for stderr, without a line end. */
  readonly text: string;
}

/** Renders an error. Anything but a LeaversError is a bug (70). */
export function renderError(error: unknown, telling: ErrorFormat, { clock }: Pick<Context, 'clock'>): RenderedError {
  const kind: ErrorKind = error instanceof LeaversError ? error.kind : 'bug';
  const plain = error instanceof LeaversError && error.kind !== 'bug' ? error.message : bugText(error, telling);
  const message = telling.masks.reduce((text, mask) => mask.hideIn(text), plain);
  const code = exitCodes[kind];
  const line = { time: new Date(clock.now()).toISOString(), level: 'error', kind, exit: code, message };
  return { code, text: telling.json ? JSON.stringify(line) : `leavers: ${message}` };
}

/** Only name, code and first line, because a foreign error may contain a whole request. */
function bugText(error: unknown, { verbose }: ErrorFormat): string {
  const {
    name = 'Error',
    message = String(error),
    stack = '',
    code,
  } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const first = message.split('\n')[0]?.slice(0, 300) ?? '';
  const cause = `${name}${code === undefined ? '' : ` ${code}`}: ${first}`;
  const advice = verbose ? `\n${stack}` : '; please report it, with what --verbose shows';
  return `a bug: ${cause}${advice}`;
}
