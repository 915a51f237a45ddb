// `Context`: clock, timers, streams and environment. main.ts builds the real one; tests pass their own.
import type { Readable, Writable } from 'node:stream';
import type { Disk } from './storage/disk.ts';

/** Time. `now` is the wall clock in epoch ms (may step); `monotonic` never goes back, in ms from an arbitrary start. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export type SignalName = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

export interface Context {
  readonly clock: Clock;
  /** Resolves after `ms`, or early (without error) when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
  /** A random UUID, for the id of a run. */
  uuid(): string;
  /** Sends requests to the API. Default: our own transport. */
  readonly fetch?: typeof fetch;
  /** Writes the report; default: the system's disk. */
  readonly disk?: Disk;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Opens the terminal of the process, for answers while stdin is used otherwise; undefined without a terminal. */
  openTerminal?(): (Readable & { readonly isTTY?: boolean }) | undefined;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly cwd: string;
  readonly tmpdir: string;
  readonly pid: number;
  readonly hostname: string;
  /** The person or account that started the process, for the report. */
  readonly user: string;
  /** The user id of the process; undefined on Windows. */
  readonly uid?: number | undefined;
  readonly version: string;
  /** Ends the process at once, with this exit code. */
  exit(code: number): void;
  /** Calls the handler at each signal. Returns a function that removes the handler. */
  onSignal(handler: (signal: SignalName) => void): () => void;
}
