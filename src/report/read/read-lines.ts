// Reads a report line by line in constant memory, and checks its hash chain on the way. Callers interpret the lines.
import { InputError, LeaversError } from '../../errors.ts';
import { openInput, streamInput } from '../../storage/input-file.ts';
import { chainStart, hashLine, unlinkLine } from '../hash-chain.ts';
import type { ReportLine } from '../events.ts';
import { wrongField } from './line-shape.ts';

/** A line's text and the byte offset of its end. The last line may lack its line end. */
export interface RawLine {
  readonly text: string;
  readonly number: number;
  readonly end: number;
  readonly isWhole: boolean;
}

/** Most bytes of a line. The largest lines have all seats and roles of a person. */
const mostOfLine = 16 * 1024 * 1024;
const tooLong = `the line has more than ${mostOfLine} bytes, so this is no report; name the file that a run has written`;

/** Yields a file's lines in batches, because a promise for each line would cost as much as its hash. Throws `missing` (66) without a file. */
export async function* readLines(path: string, from = { size: 0, lines: 0 }): AsyncGenerator<readonly RawLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let [number, end] = [from.lines, from.size];
  try {
    const stream = streamInput(openInput(path), { chunk: 1 << 17, start: from.size });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const lines: RawLine[] = [];
      let start = 0;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
        number += 1;
        end += at + 1 - start;
        lines.push({ text: bytes.toString('utf8', start, at), number, end, isWhole: true });
        start = at + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > mostOfLine) throw new InputError(`${path}:${number + 1}: ${tooLong}`);
      yield lines;
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
    yield [{ text: rest.toString('utf8'), number: number + 1, end: end + rest.length, isWhole: false }];
}

/** The read position: number of valid bytes, hash of the last valid line, and whether a torn line follows. */
export interface Progress {
  size: number;
  head: string;
  lines: number;
  torn: boolean;
}

/** The start of a report line, also after a byte order mark from an editor. */
const wasOurs = /^\ufeff?\{"time":"[^"]+","runId":/;

/** Before the first line. */
export const atStart = (): Progress => ({ size: 0, head: chainStart, lines: 0, torn: false });

/** Yields every valid line. A torn last line ends the report and is recorded in `progress`; an invalid line before the end is an InputError. */
export async function* readReport(path: string, progress: Progress = atStart()): AsyncGenerator<ReportLine> {
  for await (const lines of readBatches(path, progress)) yield* lines;
}

/** The same in batches, for reports of any length. Continues at `progress`. */
export async function* readBatches(
  path: string,
  progress: Progress = atStart(),
): AsyncGenerator<readonly ReportLine[]> {
  let bad: number | undefined;
  for await (const batch of readLines(path, progress)) {
    const good: ReportLine[] = [];
    for (const raw of batch) {
      if (bad !== undefined) throw broken(path, bad);
      const line = raw.isWhole ? parseLine(raw.text, progress.head) : undefined;
      if (line === undefined) {
        refuseForeign(path, raw);
        bad = raw.number;
        continue;
      }
      const wrong = wrongField(line);
      if (wrong !== undefined)
        throw new InputError(`${path}:${raw.number}: ${wrong} has the wrong type; leavers did not write this line`);
      progress.size = raw.end;
      progress.head = line.h;
      progress.lines = raw.number;
      good.push(line);
    }
    yield good;
  }
  progress.torn = bad !== undefined;
}

/** Handles an unreadable first line: a torn line of a new report is accepted; a changed report or another file throws. */
function refuseForeign(path: string, { number, isWhole, text }: RawLine): void {
  if (number !== 1) return;
  if (isWhole && wasOurs.test(text)) throw broken(path, 1);
  if (isWhole || !'{"time":"'.startsWith(text.slice(0, 9))) throw notOurs(path);
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
    `${path}:${line}: the line was changed, or one before it is missing; run leavers verify ${path} for details; only a report with an intact chain can be used`,
  );
}

function notOurs(path: string): LeaversError {
  return new LeaversError(
    'report',
    `${path} is not a report of leavers; it is left as it is, name another file with --report`,
  );
}
