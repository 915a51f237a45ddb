// The family of errors that users see, and the one table from kind to exit code. Wording belongs to whoever throws.

/** Exit codes of the process, by kind of ending (contract, section 7). */
export const exitCodes = {
  ok: 0,
  failed: 1,
  pending: 2,
  unknown: 3,
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
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** Exit codes from the gravest to none (contract, section 7). */
const gravest: readonly number[] = [70, 130, 143, 74, 77, 78, 73, 66, 65, 64, 75, 3, 1, 0];

/** How something of several parts ends: as the gravest of them, and well when there is none. */
export function worstExitCode(codes: readonly number[]): number {
  return codes.length === 0 ? exitCodes.ok : (gravest.find((code) => codes.includes(code)) ?? exitCodes.bug);
}

export type ExitKind = keyof typeof exitCodes;
export type ErrorKind = Exclude<ExitKind, 'ok' | 'failed' | 'pending' | 'unknown'>;

/** An ending with a sentence for a person: where, what is wrong with which value, what is allowed, what to do next. */
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

/** The run can't go on: the key is refused, the API is retired or down, time is up. Rows not run stay for resume. */
export class StopError extends LeaversError {
  override readonly name = 'StopError';
  /** How far the call came that met it; nothing of it had left when absent. */
  readonly call: {
    readonly attempts: number;
    readonly mayHaveArrived: boolean;
    /** What is known of the row's calls before it, and of what they changed; undo works from it. */
    readonly part?: object;
  };

  constructor(kind: ErrorKind, message: string, call: StopError['call'] = { attempts: 0, mayHaveArrived: false }) {
    super(kind, message);
    this.call = call;
  }
}

/** True for an error that a signal caused. */
export function isInterruption({ kind }: LeaversError): boolean {
  return kind === 'SIGINT' || kind === 'SIGTERM';
}

/** The error of work that a signal ended. `reason` is the signal's name. */
export function interruption(reason: unknown): StopError {
  return new StopError(reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM', `interrupted by ${String(reason)}`);
}
