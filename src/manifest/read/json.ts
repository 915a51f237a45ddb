// openJson and openNdjson: JSON texts → lines of cells, one cell for each key.
import { InputError } from '../../errors.ts';
import { type TableRow, withoutEndMark } from './csv.ts';
import { quote, quoteAll } from '../../text/quote.ts';
import { BrokenFile, type Problem } from '../rows/row.ts';
import { planOf, type SavedPlan } from '../saved-plan.ts';
import { maxJson } from '../size-limits.ts';
import { elementsOf, inspectJson, type JsonStructure, maxDepth, maxDistinctKeys, maxKeys } from './json-structure.ts';
import { nextPageOf, valueAt, wrapperOf } from './json-wrapper.ts';
import type { Table } from './table.ts';

/** Characters of one NDJSON line. */
const maxLine = 262_144;
/** Rows per batch. */
const rowsPerBatch = 500;

/** One object per line; blank lines are skipped. */
export async function openNdjson(
  text: () => AsyncIterable<Buffer>,
  { file, nested = [] }: { file: string; nested?: readonly string[] },
): Promise<Table> {
  const cells = new Cells(file, nested);
  const lines = () => readNdjson(text(), { cells, file });
  await primed(lines());
  return { headers: cells.headers, line: 1, lines };
}

async function primed(lines: AsyncGenerator<readonly TableRow[]>): Promise<void> {
  for await (const batch of lines) if (batch.some(({ cells }) => cells.length > 0)) break;
}

interface Reading {
  readonly cells: Cells;
  readonly file: string;
}

async function* readNdjson(text: AsyncIterable<Buffer>, { cells, file }: Reading): AsyncGenerator<readonly TableRow[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 1;
  for await (const bytes of text) {
    const texts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > maxLine) throw tooLong(file, line + texts.length);
    yield texts.flatMap((each, at) => readLine(each, { cells, file, line: line + at }));
    line += texts.length;
  }
  yield readLine(rest + decoder.decode(), { cells, file, line });
}

function readLine(text: string, { cells, file, line }: Reading & { line: number }): TableRow[] {
  if (text.length > maxLine) throw tooLong(file, line);
  return text === '' || withoutEndMark(text).trim() === '' ? [] : [cells.read(text, line)];
}

function tooLong(file: string, line: number): BrokenFile {
  const message = `the line is longer than ${maxLine} characters; NDJSON has one object per line`;
  return new BrokenFile({ file, line, message, cause: 'long row' });
}

export interface JsonOptions {
  readonly file: string;
  readonly size: number;
  /** The dotted name of the list of rows, as in `d.results`. */
  readonly rows?: string;
  /** Dotted names of nested values that are read like columns. */
  readonly nested?: readonly string[];
  /** The document is a saved plan: `plan` beside `rows`. */
  readonly isPlan?: boolean;
}

/** An opened document. */
export interface OpenedJson {
  readonly table: Table;
  readonly warnings: readonly string[];
  readonly plan?: SavedPlan;
}

/** An array of objects, or one under `rows` or the name that a job gives. Throws for other documents and for more than 64 MiB. */
export async function openJson(
  text: () => AsyncIterable<Buffer>,
  { file, size, rows, nested = [], isPlan = false }: JsonOptions,
): Promise<OpenedJson> {
  if (size > maxJson) {
    const message = `has ${Math.ceil(size / 1024 / 1024)} MiB, and JSON is read into memory, up to ${maxJson / 1024 / 1024} MiB`;
    throw new InputError(`${file}: ${message}; save it as NDJSON (one object per line), which has no limit`);
  }
  const { list, ...found } = checkDocument(await readAll(text()), { file, rows, isPlan });
  const cells = new Cells(file, nested);
  async function* lines(): AsyncGenerator<readonly TableRow[]> {
    let batch: TableRow[] = [];
    for (const element of elementsOf(await readAll(text()), list)) {
      batch.push(cells.read(element.text, element.line));
      if (batch.length < rowsPerBatch) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
  await primed(lines());
  return { table: { headers: cells.headers, line: 1, lines }, ...found };
}

async function readAll(text: AsyncIterable<Buffer>): Promise<string> {
  return withoutEndMark(Buffer.concat(await Array.fromAsync(text)).toString('utf8'));
}

type List = NonNullable<JsonStructure['list']>;

/** Finds the list of rows, and warns about a document that is one page of several. */
function checkDocument(
  document: string,
  { file, rows, isPlan }: { file: string; rows: string | undefined; isPlan: boolean },
): { list: List } & Omit<OpenedJson, 'table'> {
  // A list, its rows, and perhaps an object around both. Deeper texts would cost the parser several times their size.
  const limit = maxDepth + (rows === undefined ? 2 : rows.split('.').length + 1);
  const { isTooDeep, crowded, topKeys, error, list } = inspectJson(document, limit, rows ?? 'rows');
  if (isTooDeep)
    throw noList(file, `is nested more than ${limit} deep; give a list of rows, [{…}, {…}] or {"rows": [{…}, {…}]}`);
  if (crowded !== undefined) {
    const { line, where } = crowded;
    const message = `${where === 'object' ? `an ${crowdedObject}` : crowdedText}; give a list of rows that share their keys`;
    throw new BrokenFile({ file, line, message, cause: 'keys' });
  }
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    throw new BrokenFile({ file, ...explain(error), cause: 'not valid JSON' });
  }
  const plan = isPlan && topKeys === 2 ? planOf(value) : undefined;
  if (isPlan && (plan === undefined || list === undefined)) throw noList(file, brokenPlan);
  if (plan !== undefined && list !== undefined) return { list, warnings: [], plan };
  const found = rows === undefined && !Array.isArray(value) && topKeys !== 1 ? undefined : list;
  if (found === undefined) throw noList(file, missing(value, rows));
  const next = typeof value === 'object' && value !== null ? nextPageOf(value) : undefined;
  const warning = `is one page of several, because it has ${quote(next)}; people on the other pages are missing here`;
  return { list: found, warnings: next === undefined ? [] : [warning] };
}

const brokenPlan =
  'starts like a saved plan but is not one: {"plan": {org, directory, created, sha256}, "rows": […]}; save it with leavers plan --out again';

/** The reason why no rows were found, and where they may be. */
function missing(value: unknown, rows: string | undefined): string {
  const wrapperKey = wrapperOf(value);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (rows !== undefined)
    return `has no list under ${quote(rows)} (input.rows of the job); its keys are ${quoteAll(keys)}`;
  if (wrapperKey !== undefined && wrapperKey !== 'rows')
    return `has its rows under ${quote(wrapperKey)}; say so in a job file, "input": {"rows": ${quote(wrapperKey)}, "columns": {…}}`;
  return 'is not a list of rows; give [{…}, {…}] or {"rows": [{…}, {…}]} (for one object per line, give --format ndjson)';
}

function noList(file: string, message: string): BrokenFile {
  return new BrokenFile({ file, line: 1, message, cause: 'not a list of rows' });
}

function explain(error: JsonStructure['error']): { line: number; message: string } {
  const { line = 1, column = 1, isAtEnd = false } = error ?? {};
  if (isAtEnd) return { line, message: 'the JSON ends too early; is the file whole?' };
  return { line, message: `is not valid JSON (column ${column}); correct it, or save the rows as CSV` };
}

/** The cells of objects, in the order in which their keys were first seen. */
class Cells {
  readonly headers: string[] = [];
  readonly #cells = new Map<string, number>();
  readonly #file: string;

  readonly #nested: readonly string[];

  constructor(file: string, nested: readonly string[]) {
    this.#file = file;
    this.#nested = nested;
  }

  /** The line of an object's text. */
  read(text: string, line: number): TableRow {
    const value = parseRow(text);
    if ('problem' in value) return { line, cells: [], problem: value.problem };
    const cells: unknown[] = [];
    for (const key of Object.keys(value.row)) cells[this.#cell(key, line)] = value.row[key];
    for (const name of this.#nested) {
      const found = Object.hasOwn(value.row, name) ? undefined : valueAt(value.row, name);
      if (found !== undefined) cells[this.#cell(name, line)] = found;
    }
    return { line, cells };
  }

  #cell(key: string, line: number): number {
    const cell = this.#cells.get(key);
    if (cell !== undefined) return cell;
    if (this.headers.length >= maxKeys)
      throw new BrokenFile({
        file: this.#file,
        line,
        message: `more than ${maxKeys} different keys with this row; give objects that share their keys`,
        cause: 'keys',
      });
    this.#cells.set(key, this.headers.length);
    return this.headers.push(key) - 1;
  }
}

const crowdedObject = `object with more than ${maxKeys} keys`;
const crowdedText = `more than ${maxDistinctKeys} different keys up to here`;

type Parsed = { readonly row: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

function parseRow(text: string): Parsed {
  const { isTooDeep, crowded, repeatedKey } = inspectJson(text, maxDepth);
  if (crowded !== undefined) return refuse(`has an ${crowdedObject}; give one object with plain values`);
  if (isTooDeep) return refuse(`is nested more than ${maxDepth} deep; give one object with plain values`);
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return refuse(`${quote(text.trim())} is not valid JSON; give one object`);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return refuse(
      `${quote(text.trim())} is not an object; give one like {"action": "suspend-user", "email": "jo@example.com"}`,
    );
  if (repeatedKey !== undefined) return refuse(`has the key ${quote(repeatedKey)} twice; keep one of them`);
  return { row: row as Readonly<Record<string, unknown>> };
}

function refuse(message: string): Parsed {
  return { problem: { message: `the row ${message}`, cause: 'not a JSON object' } };
}
