// The errors that users see, and the one table from kind to exit code.

/** Exit codes of the process, by kind of ending. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  pending: 2,
  unknown: 3,
  leftOut: 4,
  usage: 64,
  invalid: 65,
  missing: 66,
  bug: 70,
  report: 73,
  disk: 74,
  stopped: 75,
  key: 77,
  config: 78,
  refused: 78,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** Exit codes by precedence, if several apply. */
const byPrecedence: readonly number[] = [70, 129, 130, 143, 74, 77, 78, 73, 66, 65, 64, 75, 3, 1, 4, 2, 0];

/** The exit code of several parts: the worst of them, or 0 without parts. */
export function worstExitCode(codes: readonly number[]): number {
  return codes.length === 0 ? exitCodes.ok : (byPrecedence.find((code) => codes.includes(code)) ?? exitCodes.bug);
}

export type ExitKind = keyof typeof exitCodes;
export type ErrorKind = Exclude<ExitKind, 'ok' | 'failed' | 'pending' | 'unknown' | 'leftOut'>;

/** An error with a message for a person: where, which value is wrong, what is allowed, what to do next. */
export class LeaversError extends Error {
  override readonly name: string = 'LeaversError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A manifest, job file, state file or report that can't be used as it is (65); nothing was sent. */
export class InputError extends LeaversError {
  override readonly name = 'InputError';

  constructor(message: string) {
    super('invalid', message);
  }
}

/** The run can't continue: the key is refused, the API is retired or down, time is up. Resume runs the remaining rows. */
export class StopError extends LeaversError {
  override readonly name = 'StopError';
  /** The state of the call that failed; by default, nothing was sent. */
  readonly call: {
    readonly attempts: number;
    readonly mayHaveArrived: boolean;
    /** Result of the row's earlier calls, for undo. */
    readonly part?: object;
  };

  constructor(kind: ErrorKind, message: string, call: StopError['call'] = { attempts: 0, mayHaveArrived: false }) {
    super(kind, message);
    this.call = call;
  }
}

/** True for an error that a signal caused. */
export function isInterruption({ kind }: LeaversError): boolean {
  return kind === 'SIGHUP' || kind === 'SIGINT' || kind === 'SIGTERM';
}

/** The error that ends work after a signal. `reason` is the signal's name. */
export function interruption(reason: unknown): StopError {
  const signal = reason === 'SIGHUP' || reason === 'SIGINT' ? reason : 'SIGTERM';
  return new StopError(signal, `interrupted by ${String(reason)}`);
}
