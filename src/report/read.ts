// A report read back line by line, its chain checked on the way; flat in memory. What the lines come to is for others.
import { createReadStream } from 'node:fs';
import { InputError, LeaversError } from '../errors.ts';
import { chainStart, hashLine, unlinkLine } from './chain.ts';
import type { ReportLine } from './events.ts';

/** A line's text and where it ends, in bytes from the start of the file; the last one may lack its line end. */
export interface RawLine {
  readonly text: string;
  readonly number: number;
  readonly end: number;
  readonly isWhole: boolean;
}

/** The lines of a file as bytes have them. Throws `missing` (66) when there is none. */
export async function* readLines(path: string): AsyncGenerator<RawLine> {
  let rest: Buffer = Buffer.alloc(0);
  let [number, end] = [0, 0];
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
        number += 1;
        end += at + 1 - from;
        yield { text: bytes.toString('utf8', from, at), number, end, isWhole: true };
        from = at + 1;
      }
      rest = bytes.subarray(from);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new LeaversError(
      'missing',
      `${path}: ${code === 'ENOENT' ? 'there is no such report' : `the report can't be read (${code})`}; name the file that a run has written`,
    );
  }
  if (rest.length > 0)
    yield { text: rest.toString('utf8'), number: number + 1, end: end + rest.length, isWhole: false };
}

/** What was read so far: the bytes that are good, the hash of the last good line, and whether a torn one follows. */
export interface Progress {
  size: number;
  head: string;
  lines: number;
  torn: boolean;
}

/** The start of a line of ours, whatever an editor has put before it. */
const wasOurs = /^\ufeff?\{"time":"[^"]+","runId":/;

/** Every good line. A torn last line ends the report and is told in `progress`; a bad one before the end is an InputError. */
export async function* readReport(
  path: string,
  progress: Progress = { size: 0, head: chainStart, lines: 0, torn: false },
): AsyncGenerator<ReportLine> {
  let bad: number | undefined;
  for await (const { text, number, end, isWhole } of readLines(path)) {
    if (bad !== undefined) throw broken(path, bad);
    const line = isWhole ? parseLine(text, progress.head) : undefined;
    if (line === undefined) {
      if (number === 1 && isWhole && wasOurs.test(text)) throw broken(path, 1);
      if (number === 1 && (isWhole || !'{"time":"'.startsWith(text.slice(0, 9)))) throw notOurs(path);
      bad = number;
      continue;
    }
    progress.size = end;
    progress.head = line.h;
    progress.lines = number;
    yield line;
  }
  progress.torn = bad !== undefined;
}

/** A line whose hash fits its predecessor, or undefined. */
export function parseLine(text: string, previous: string): ReportLine | undefined {
  const parts = unlinkLine(text);
  if (parts === undefined || hashLine(previous, parts.body) !== parts.h) return undefined;
  try {
    return JSON.parse(text) as ReportLine;
  } catch {
    return undefined;
  }
}

function broken(path: string, line: number): InputError {
  return new InputError(
    `${path}:${line}: the line was changed, or one before it is missing; leavers verify ${path} says more, and only an unchanged report can be used`,
  );
}

function notOurs(path: string): LeaversError {
  return new LeaversError(
    'report',
    `${path} is not a report of leavers; it is left as it is, name another file with --report`,
  );
}
