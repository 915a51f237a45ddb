// ReverseSpool: texts that are added oldest first and read newest first, kept on disk.
import { closeSync, readSync } from 'node:fs';
import { openTempFile, writeTempFile } from './temp-file.ts';

/** A stack of texts on disk, with 8 bytes of memory per text. Dispose of it. */
export class ReverseSpool implements Disposable {
  readonly #fd: number;
  readonly #tmpdir: string;
  #ends = new Float64Array(1024);
  #count = 0;

  constructor(tmpdir: string) {
    this.#tmpdir = tmpdir;
    this.#fd = openTempFile(tmpdir);
  }

  add(text: string): void {
    if (this.#count === this.#ends.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#ends);
      this.#ends = more;
    }
    const bytes = Buffer.from(text);
    writeTempFile(this.#fd, bytes, this.#tmpdir);
    this.#ends[this.#count] = this.#end(this.#count - 1) + bytes.length;
    this.#count += 1;
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
  }
}
