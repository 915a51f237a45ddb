// One run of a seed as the simulation sees it: its incident, whether it is alive, and what it has announced, sent and reported.
import type { SignalName } from '../../src/context.ts';
import type { Incident } from './trouble.ts';

export class Run {
  readonly number: number;
  readonly incident: Incident;
  readonly note: (what: string) => void;
  isDead = false;
  hasDiskFailed = false;
  /** A signal has been delivered. */
  isStopped = false;
  /** A refusal of the key has been delivered. */
  isRefused = false;
  /** An answer could not be read to its end. */
  hasUnreadable = false;
  requests = 0;
  /** Rows announced, and rows ended, in lines that are on disk. */
  readonly announced = new Set<number>();
  readonly ended = new Set<number>();
  /** Rows with a change that left, in this order. */
  readonly sent: number[] = [];
  /** Requests under way, by row. */
  readonly open = new Map<number, number>();
  /** Delivers a signal to the run, once it listens. */
  onSignal: ((signal: SignalName, twice: boolean) => void) | undefined;

  constructor(number: number, incident: Incident, note: (what: string) => void) {
    this.number = number;
    this.incident = incident;
    this.note = note;
  }

  /** The process is gone: nothing that it does from now on reaches the disk or the organization. */
  die(where: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.note(`crash at ${where}`);
  }
}
