// Texts read in reverse order: what arrives oldest first and is printed newest first, kept in a file rather than in memory.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempDirError } from '../errors.ts';

/** A stack of texts on disk, 8 bytes of memory each. To be disposed. */
export class ReverseSpool implements Disposable {
  readonly #folder: string;
  readonly #fd: number;
  #ends = new Float64Array(1024);
  #count = 0;

  constructor(tmpdir: string) {
    this.#folder = mkdtempSync(join(tmpdir, 'leavers-'));
    this.#fd = openSync(join(this.#folder, 'texts'), 'wx+', 0o600);
  }

  add(text: string): void {
    const from = this.#end(this.#count - 1);
    if (this.#count === this.#ends.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#ends);
      this.#ends = more;
    }
    this.#ends[this.#count] = this.#write(Buffer.from(text), from);
    this.#count += 1;
  }

  /** Where the text ends. A write may take a part only. */
  #write(bytes: Buffer, from: number): number {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at, from + at);
    } catch (error) {
      throw tempDirError(error, dirname(this.#folder));
    }
    return from + bytes.length;
  }

  /** All texts, last one first. */
  *texts(): Generator<string> {
    for (let at = this.#count - 1; at >= 0; at -= 1) {
      const from = this.#end(at - 1);
      const bytes = Buffer.alloc(this.#end(at) - from);
      readSync(this.#fd, bytes, 0, bytes.length, from);
      yield bytes.toString('utf8');
    }
  }

  #end(at: number): number {
    return this.#ends[at] ?? 0;
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
