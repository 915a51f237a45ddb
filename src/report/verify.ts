// Checks a report's chain and says what happened to it: edited, dropped, swapped, added or torn, and whether it is complete.
import { chainStart, hashLine, unlinkLine } from './chain.ts';
import { readLines } from './read.ts';

export interface Finding {
  readonly line: number;
  readonly what: 'edited' | 'dropped' | 'swapped' | 'added' | 'torn';
  readonly message: string;
}

export interface Verified {
  readonly ok: boolean;
  /** The last line is a `run-end`. */
  readonly complete: boolean;
  readonly lines: number;
  /** `h` of the last line: kept elsewhere, it also proves that nothing was cut off. */
  readonly head: string;
  readonly findings: readonly Finding[];
}

interface Line {
  readonly number: number;
  readonly body: string;
  readonly h: string;
}

/** How many lines around a break are kept to tell a swap from a loss. */
const around = 64;

/** Reads the whole report once. Throws `missing` when there is none. */
export async function verifyReport(path: string): Promise<Verified> {
  const findings: Finding[] = [];
  let recent: Line[] = [];
  let [lines, head, complete] = [0, chainStart, false];
  for await (const { text, number, isWhole } of readLines(path)) {
    lines = number;
    const parts = isWhole ? unlinkLine(text) : undefined;
    if (parts === undefined) {
      findings.push(isWhole ? edited(number) : torn(number));
      complete = false;
      continue;
    }
    const line = { number, ...parts };
    if (hashLine(head, parts.body) !== parts.h) findings.push(explain(line, head, recent));
    complete = parts.body.includes('"event":"run-end"');
    head = parts.h;
    recent = [...recent.slice(1 - around), line];
  }
  return { ok: findings.length === 0, complete, lines, head, findings };
}

/** A line whose hash does not fit the line before it. */
function explain(line: Line, head: string, recent: readonly Line[]): Finding {
  const { number } = line;
  const fits = recent.findLast((each) => hashLine(each.h, line.body) === line.h);
  if (fits !== undefined && fits.number < number - 1) {
    const [from, to] = [fits.number + 1, number - 1];
    return {
      line: from,
      what: 'added',
      message: `${place(from, to)} not part of the chain: added, or swapped with others`,
    };
  }
  // The hash is one of the chain, only not here: lines changed places.
  if (recent.some((each) => hashLine(line.h, each.body) === each.h))
    return { line: number, what: 'swapped', message: `line ${number} stands before the line that it stood after` };
  if (hashLine(head, line.body) !== line.h && recent.length > 0) {
    return { line: number, what: 'edited', message: `line ${number} was edited, or lines before it were dropped` };
  }
  return { line: number, what: 'dropped', message: `lines before line ${number} are missing` };
}

function place(from: number, to: number): string {
  return from === to ? `line ${from} is` : `lines ${from} to ${to} are`;
}

function edited(line: number): Finding {
  return { line, what: 'edited', message: `line ${line} is not a line of a report any more` };
}

function torn(line: number): Finding {
  return { line, what: 'torn', message: `line ${line} is torn, as by a crash or a full disk; --resume cuts it off` };
}
