// verifyReport: checks the hash chain of a report. It reveals accidental changes; against forgery only a seal kept elsewhere helps.
import { chainStart, hashLine, unlinkLine } from '../hash-chain.ts';
import { readLines } from './read-lines.ts';

export interface Finding {
  readonly line: number;
  readonly what: 'edited' | 'dropped' | 'swapped' | 'added' | 'torn';
  readonly message: string;
}

export interface Verified {
  readonly ok: boolean;
  /** The last line is a `run-end`, not counting findings of `verify --record`. */
  readonly complete: boolean;
  readonly lines: number;
  /** The line with the given hash, and the number of lines after it; undefined when not found or not given. */
  readonly seal?: { readonly line: number; readonly appended: number };
  /** `h` of the last line. Stored elsewhere, it proves later that nothing before it was cut off or rewritten. */
  readonly head: string;
  readonly findings: readonly Finding[];
}

/** Most hashes to remember by sequence number, to check lines that were moved. */
const kept = 4096;

/** Reads the whole report once and looks for the line with the hash `wanted`. Throws `missing` when there is none. */
export async function verifyReport(path: string, wanted?: string): Promise<Verified> {
  const check = new Check(wanted);
  for await (const batch of readLines(path))
    for (const { text, number, isWhole } of batch) {
      const parts = isWhole ? unlinkLine(text) : undefined;
      if (parts !== undefined) check.line(number, parts);
      else if (isWhole) check.edited(number);
      else check.torn(number);
    }
  return check.done();
}

class Check {
  readonly #findings: Finding[] = [];
  readonly #hashes = new Map<number, string>([[0, chainStart]]);
  /** Missing sequence numbers, and the line after the gap. */
  readonly #missing = new Map<number, number>();
  #seq = 0;
  #lines = 0;
  #head = chainStart;
  #complete = false;
  #sealed: number | undefined;
  readonly #wanted: string | undefined;

  constructor(wanted: string | undefined) {
    this.#wanted = wanted;
  }

  line(number: number, { body, h }: { body: string; h: string }): void {
    this.#lines = number;
    const seq = Number(/,"seq":(\d+)\}$/.exec(body)?.[1] ?? Number.NaN);
    if (Number.isNaN(seq)) return this.edited(number);
    if (this.#missing.delete(seq)) this.#find(number, 'swapped', `line ${number} was moved; it was line ${seq}`);
    else if (seq <= this.#seq)
      return this.#find(number, 'added', `line ${number} is a copy of line ${seq}, or was added`);
    const previous = this.#hashes.get(seq - 1);
    if (previous !== undefined && hashLine(previous, body) !== h)
      this.#find(number, 'edited', `line ${number} was edited`);
    for (let gap = this.#seq + 1; gap < seq && gap <= this.#seq + kept; gap += 1) this.#missing.set(gap, number);
    if (h === this.#wanted) this.#sealed = number;
    this.#remember(seq, h);
    if (seq > this.#seq) this.#seq = seq;
    this.#head = h;
    if (!body.includes('"event":"verification"')) this.#complete = body.includes('"event":"run-end"');
  }

  edited(number: number): void {
    this.#lines = number;
    this.#seq += 1;
    this.#complete = false;
    this.#find(number, 'edited', `line ${number} is damaged and no longer a report line`);
  }

  torn(number: number): void {
    this.#lines = number;
    this.#complete = false;
    this.#find(number, 'torn', `line ${number} is torn, as by a crash or a full disk; --resume cuts it off`);
  }

  done(): Verified {
    const places = new Map<number, number[]>();
    for (const [seq, line] of this.#missing) places.set(line, [...(places.get(line) ?? []), seq]);
    for (const [line, seqs] of places) {
      const [from, to] = [Math.min(...seqs), Math.max(...seqs)];
      const which = from === to ? `line ${from} is` : `lines ${from} to ${to} are`;
      this.#find(line, 'dropped', `${which} missing before what is now line ${line}`);
    }
    const findings = this.#findings.toSorted((a, b) => a.line - b.line);
    // A crash tears the last line; what stands before it is intact, and --resume goes on from there.
    // A file of which no line was written by a run is no report, torn or not.
    const isReport = this.#lines === 0 || this.#head !== chainStart;
    const ok = isReport && findings.every(({ what }) => what === 'torn');
    const seal =
      ok && this.#sealed !== undefined ? { seal: { line: this.#sealed, appended: this.#lines - this.#sealed } } : {};
    return { ok, complete: this.#complete, lines: this.#lines, head: this.#head, ...seal, findings };
  }

  #find(line: number, what: Finding['what'], message: string): void {
    this.#findings.push({ line, what, message });
  }

  #remember(seq: number, h: string): void {
    this.#hashes.set(seq, h);
    this.#hashes.delete(seq - kept);
  }
}
