// Spool: values on disk between two stages, one JSON line each, in a temporary file without a name.
import { closeSync, readSync } from 'node:fs';
import { openTempFile, writeTempFile } from './temp-file.ts';

/** Bytes written and read at a time. */
const chunk = 1 << 16;

/** Values written once and read any number of times, in constant memory. */
export class Spool<T> {
  readonly #fd: number;
  readonly #tmpdir: string;
  #buffer = '';
  #open = true;

  constructor(tmpdir: string) {
    this.#tmpdir = tmpdir;
    this.#fd = openTempFile(tmpdir);
  }

  add(entry: T): void {
    this.#buffer += `${JSON.stringify(entry)}\n`;
    if (this.#buffer.length >= chunk) this.#flush();
  }

  *entries(): Generator<T> {
    this.#flush();
    const bytes = Buffer.allocUnsafe(chunk);
    const decoder = new TextDecoder();
    let rest = '';
    let [at, read] = [0, 0];
    while ((read = readSync(this.#fd, bytes, 0, chunk, at)) > 0) {
      at += read;
      const lines = (rest + decoder.decode(bytes.subarray(0, read), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as T;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #flush(): void {
    writeTempFile(this.#fd, Buffer.from(this.#buffer), this.#tmpdir);
    this.#buffer = '';
  }
}
