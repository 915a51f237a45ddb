// Reads the protect lists of files and the job, and the operator. Lines are parsed in protect-list-parser.ts; plan/guards.ts applies them.
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { readInput } from '../storage/input-file.ts';
import { fieldParsers } from '../manifest/rows/field-parsers.ts';
import { FieldError } from '../manifest/rows/row.ts';
import { quote } from '../text/quote.ts';
import type { GuardSettings } from './settings.ts';
import { type Entries, kindOf, readEntries, type Table, tableOf } from './protect-list-parser.ts';

/** The protect list of a job, a path or the entries themselves, and the path of the job for errors. */
export interface FromJob {
  readonly path: string;
  readonly protect: string | readonly string[] | undefined;
}

/** Most malformed entries to list. */
const maxListed = 100;

/**
 * All entries of all lists, folded. Throws LeaversError `missing` for a file that can't be read, InputError with each malformed entry and
 * its place.
 */
export async function readProtectList(
  files: readonly string[],
  { path, protect = [] }: FromJob,
  { cwd }: Context,
): Promise<Pick<GuardSettings, 'protect' | 'remarks' | 'patterns'>> {
  const paths = typeof protect === 'string' ? [...files, protect] : files;
  const wrong: string[] = [];
  const read = (await Promise.all(paths.map((each) => readLines(each, cwd)))).flatMap((lines) =>
    entriesOf(lines, wrong, tableOf(lines[0]?.text ?? '')),
  );
  const own = typeof protect === 'string' ? [] : protect.map((text, at) => ({ text, place: placeIn(path, at) }));
  const all = [...read, ...entriesOf(own, wrong)];
  const more = wrong.length > maxListed ? [`and ${wrong.length - maxListed} more`] : [];
  if (wrong.length > 0) throw new InputError([...wrong.slice(0, maxListed), ...more].join('\n'));
  const entries = new Set(all.flatMap((each) => each.entries));
  const remarks = new Set(all.flatMap((each) => each.remarks).filter((each) => !entries.has(each)));
  const patterns = [...entries].filter((entry) => kindOf(entry) === 'pattern');
  return {
    protect: entries,
    ...(remarks.size === 0 ? {} : { remarks }),
    ...(patterns.length === 0 ? {} : { patterns }),
  };
}

function placeIn(path: string, at: number): string {
  return `${path}: guards.protect[${at + 1}]`;
}

interface Line {
  readonly text: string;
  readonly place: string;
}

/** The entries of all lines. Only the first line of a file may be the header of a table. */
function entriesOf(lines: readonly Line[], wrong: string[], table?: Table): Entries[] {
  return (table === undefined ? lines : lines.slice(1)).flatMap(({ text, place }) => {
    const read = readEntries(text, table);
    if (!(read instanceof FieldError)) return [read];
    wrong.push(`${place}: ${read.message}`);
    return [];
  });
}

/** Lines with an entry or a header; blank lines and lines that start with # are left out. */
async function readLines(path: string, cwd: string): Promise<Line[]> {
  const bytes = await readInput(resolve(cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError(
      'missing',
      `${path}: the list of protected people can't be read (${error.code}); nothing was run`,
    );
  });
  const texts = decode(bytes, path).split(/\r\n|\r|\n/);
  const lines = texts
    .map((text, at) => ({ text, place: `${path}:${at + 1}` }))
    .filter(({ text }) => text.trim() !== '' && !text.trim().startsWith('#'));
  const [first, ...others] = lines;
  // An empty list is probably a mistake.
  if (first === undefined || (others.length === 0 && tableOf(first.text) !== undefined))
    throw new InputError(`${path}: protects nobody; write one account id, e-mail or group per line`);
  return lines;
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: not UTF-8; save the list of protected people as UTF-8, one entry per line`);
  }
}

/** The operator as given, which must be an account id or an e-mail (`usage` otherwise); else the login name, which is only recorded. */
export function readOperator(text: string | undefined, login: string): Pick<GuardSettings, 'operator' | 'isLogin'> {
  if (text === undefined) return { operator: login, isLogin: true };
  const operator = text.trim();
  const read = operator.includes('@') ? fieldParsers.email(operator, String) : fieldParsers.accountId(operator, String);
  if (!(read instanceof FieldError)) return { operator };
  const message = `--operator (or LEAVERS_OPERATOR) ${quote(text)} is neither an account id nor an e-mail; give one like jo@example.com`;
  throw new LeaversError('usage', message);
}
