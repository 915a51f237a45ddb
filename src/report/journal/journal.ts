// The report as a write-ahead journal: pino formats a line, the chain links it, and the promise resolves when it is on disk.
import { closeSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { systemDisk } from '../../storage/disk.ts';
import { escapeUnsafe } from '../../text/sanitize.ts';
import { chainStart, linkLine } from '../hash-chain.ts';
import { type ResumeState, emptyResumeState, readResumeState } from '../read/resume-state.ts';
import type { ReportEvent } from '../events.ts';
import { createFile, openFile, DurableFile } from './append-file.ts';

export interface JournalOptions {
  /** `-` is standard output. */
  readonly path: string;
  readonly runId: string;
  readonly context: Context;
  /** Masks secrets in a line, just before it is written. */
  readonly redact?: (line: string) => string;
}

export interface Journal {
  /** Resolves when the line is on disk. Rejects with LeaversError `disk`, always after the first failed write. */
  append(event: ReportEvent): Promise<void>;
  readonly failure: LeaversError | undefined;
  /** Calls the listener at the first failed write, before any promise rejects, so that no further call is sent in the same tick. */
  onFailure(listener: (error: LeaversError) => void): void;
  /** `h` of the last line. */
  readonly head: string;
  close(): Promise<void>;
}

interface Target {
  append(text: string): Promise<void>;
  readonly failure: LeaversError | undefined;
  onFailure: (error: LeaversError) => void;
  close(): Promise<void>;
}

/** A new report: 0600, never through a link, never over an existing file. Throws LeaversError `report`. */
export async function createJournal(options: JournalOptions): Promise<Journal> {
  const { path, context } = options;
  const { disk = systemDisk } = context;
  const target = path === '-' ? streamTarget(context) : new DurableFile(createFile(path), { path, size: 0, disk });
  return new ChainedJournal(options, target, { head: chainStart, lines: 0 });
}

/** Continues a report, or starts it if there is none. Cuts a torn last line; refuses anything else that is not a report. */
export async function resumeJournal(options: JournalOptions): Promise<{ journal: Journal; earlier: ResumeState }> {
  const { path, context } = options;
  const fd = openFile(path);
  if (fd === undefined) return { journal: await createJournal(options), earlier: emptyResumeState() };
  const { earlier, size, head, lines } = await readResumeState(path).catch((error: unknown) => {
    closeSync(fd);
    throw error;
  });
  const { disk = systemDisk } = context;
  if (earlier.torn !== undefined) disk.truncate(fd, size);
  const file = new DurableFile(fd, { path, size, disk });
  return { journal: new ChainedJournal(options, file, { head, lines }), earlier };
}

class ChainedJournal implements Journal {
  readonly #target: Target;
  readonly #log: Logger;
  #line = '';
  /** Number of the last line; it lets verify tell a missing line from an edited one. */
  #seq: number;
  #stamped = { ms: Number.NaN, text: '' };
  head: string;

  constructor(
    { runId, context, redact = (line) => line }: JournalOptions,
    target: Target,
    from: { head: string; lines: number },
  ) {
    this.#target = target;
    this.head = from.head;
    this.#seq = from.lines;
    // pino writes synchronously, so this catches the line just formatted. pino's own destination is not used: a kill
    // loses lines that it has acknowledged, and on a full disk it drops them or hangs. Nor is its redaction: it throws on an
    // error of fetch, so secrets are masked in the finished text.
    const sink = { write: (line: string) => void (this.#line = escapeUnsafe(redact(line.trimEnd()))) };
    this.#log = pino(
      {
        base: { runId, schema: 1 },
        formatters: { level: () => ({}) },
        timestamp: () => this.#stamp(context.clock.now()),
      },
      sink,
    );
  }

  get failure(): LeaversError | undefined {
    return this.#target.failure;
  }

  /** Caches the formatted time, because many lines share a millisecond and formatting costs as much as a hash. */
  #stamp(ms: number): string {
    if (ms !== this.#stamped.ms) this.#stamped = { ms, text: `,"time":"${new Date(ms).toISOString()}"` };
    return this.#stamped.text;
  }

  append(event: ReportEvent): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.#seq += 1;
    this.#log.info({ ...event, seq: this.#seq });
    const { line, h } = linkLine(this.head, this.#line.replace(/^\{,/, '{'));
    this.head = h;
    return this.#target.append(`${line}\n`);
  }

  onFailure(listener: (error: LeaversError) => void): void {
    this.#target.onFailure = listener;
  }

  close(): Promise<void> {
    return this.#target.close();
  }
}

/** A target for standard output, which can't be synced. A closed pipe is a failure like a full disk. */
function streamTarget({ stdout }: Context): Target {
  const target: Target & { failure: LeaversError | undefined } = {
    failure: undefined,
    onFailure: () => {},
    append: (text: string) =>
      new Promise<void>((resolve, reject) => {
        stdout.write(text, (error) => {
          if (error === null || error === undefined) return resolve();
          const { code } = error as NodeJS.ErrnoException;
          const message = `standard output is closed (${code}); no further call was made`;
          if (target.failure === undefined) target.onFailure((target.failure = new LeaversError('disk', message)));
          reject(target.failure);
        });
      }),
    close: async () => {},
  };
  return target;
}
