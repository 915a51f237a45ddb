// The plan on disk between planning and running: one line a record, in a file that has no name and dies with the process.
import { mkdtempSync, openSync, rmSync, readSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { tempDirError } from '../errors.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import type { Row } from '../manifest/rows/row.ts';

export type InvalidRow = Extract<Row, { kind: 'invalid' }>;
/** What is spooled: a planned record, or a row that is malformed and only to be reported. */
export type PlanEntry = { readonly planned: PlannedRecord } | { readonly invalid: InvalidRow };

/** Bytes written and read at a time. */
const chunk = 1 << 16;

/** Entries written once and read once, flat in memory. */
export class Spool {
  readonly #fd: number;
  readonly #tmpdir: string;
  #buffer = '';
  #open = true;

  constructor(tmpdir: string) {
    this.#tmpdir = tmpdir;
    try {
      const folder = mkdtempSync(join(tmpdir, 'leavers-'));
      this.#fd = openSync(join(folder, 'plan'), 'wx+', 0o600);
      // Unlinked at once: the plan names people, and must not outlive the process however that ends.
      rmSync(folder, { recursive: true });
    } catch (error) {
      throw tempDirError(error, tmpdir);
    }
  }

  add(entry: PlanEntry): void {
    this.#buffer += `${JSON.stringify(entry)}\n`;
    if (this.#buffer.length >= chunk) this.#flush();
  }

  *entries(): Generator<PlanEntry> {
    this.#flush();
    const bytes = Buffer.allocUnsafe(chunk);
    const decoder = new TextDecoder();
    let rest = '';
    let [at, read] = [0, 0];
    while ((read = readSync(this.#fd, bytes, 0, chunk, at)) > 0) {
      at += read;
      const lines = (rest + decoder.decode(bytes.subarray(0, read), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as PlanEntry;
    }
  }

  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffer);
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#fd, bytes, from);
    } catch (error) {
      throw tempDirError(error, this.#tmpdir);
    }
    this.#buffer = '';
  }
}
