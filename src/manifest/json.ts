// JSON and NDJSON → lines of cells, one cell a key. Which key is which column is left to layout.ts.
import { InputError } from '../errors.ts';
import type { Line } from './csv.ts';
import { countKeys, elementsOf, maxDepth, measure, repeatedKey } from './jsontext.ts';
import { BrokenFile, type Problem } from './problem.ts';
import { quote } from './quote.ts';
import type { Sheet } from './sheet.ts';

/** Bytes of a JSON document, which is held whole. */
export const maxJson = 64 * 1024 * 1024;
/** Characters of one NDJSON line. */
const maxLine = 262_144;
/** Different keys of one file. */
const maxKeys = 1000;

/** Cells of objects, in the order in which keys were first seen. */
class Keys {
  readonly headers: string[] = [];
  readonly #cells = new Map<string, number>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The line of an object's text. */
  read(text: string, line: number): Line {
    const value = parseRow(text);
    if ('problem' in value) return { line, cells: [], problem: value.problem };
    const cells: unknown[] = [];
    for (const key of Object.keys(value.row)) cells[this.#cell(key, line)] = value.row[key];
    return { line, cells };
  }

  #cell(key: string, line: number): number {
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    if (this.headers.length >= maxKeys)
      throw new BrokenFile({ file: this.#file, line, message: `more than ${maxKeys} different keys`, cause: 'keys' });
    this.#cells.set(key, this.headers.length);
    return this.headers.push(key) - 1;
  }
}

type Parsed = { readonly row: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

function parseRow(text: string): Parsed {
  const { pairs, depth } = measure(text);
  if (depth > maxDepth) return refuse(`is nested ${depth} deep; ${maxDepth} is allowed`);
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
  if (countKeys(row) !== pairs)
    return refuse(`holds the key ${quote(repeatedKey(text) ?? '')} twice; keep one of them`);
  return { row: row as Readonly<Record<string, unknown>> };
}

function refuse(message: string): Parsed {
  return { problem: { message: `the row ${message}`, cause: 'not a JSON object' } };
}

/** One object a line; blank lines are left out. */
export async function openNdjson(text: () => AsyncIterable<Buffer>, file: string): Promise<Sheet> {
  const keys = new Keys(file);
  const lines = () => readNdjson(text(), { keys, file });
  await primed(lines());
  return { headers: keys.headers, line: 1, lines };
}

async function primed(lines: AsyncGenerator<readonly Line[]>): Promise<void> {
  for await (const batch of lines) if (batch.some(({ cells }) => cells.length > 0)) break;
}

interface Reading {
  readonly keys: Keys;
  readonly file: string;
}

async function* readNdjson(text: AsyncIterable<Buffer>, { keys, file }: Reading): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 1;
  for await (const bytes of text) {
    const texts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > maxLine) throw tooLong(file, line + texts.length);
    yield texts.flatMap((each, at) => readLine(each, { keys, file, line: line + at }));
    line += texts.length;
  }
  yield readLine(rest + decoder.decode(), { keys, file, line });
}

function readLine(text: string, { keys, file, line }: Reading & { line: number }): Line[] {
  if (text.length > maxLine) throw tooLong(file, line);
  return text === '' || text.trim() === '' ? [] : [keys.read(text, line)];
}

function tooLong(file: string, line: number): BrokenFile {
  const message = `the line is longer than ${maxLine} characters; NDJSON has one object a line`;
  return new BrokenFile({ file, line, message, cause: 'long row' });
}

/** Rows of a batch; a document is held whole anyway, but what is made of it need not be. */
const batch = 500;

/** An array of objects, or `{"rows": [...]}`. Throws for what is larger than 64 MiB or no such document. */
export async function openJson(
  text: () => AsyncIterable<Buffer>,
  { file, size }: { file: string; size: number },
): Promise<Sheet> {
  if (size > maxJson) {
    const message = `has ${Math.ceil(size / 1024 / 1024)} MiB, and JSON is held whole, up to ${maxJson / 1024 / 1024} MiB`;
    throw new InputError(`${file}: ${message}; save it as NDJSON (one object a line), which has no limit`);
  }
  const keys = new Keys(file);
  async function* lines(): AsyncGenerator<readonly Line[]> {
    const document = await whole(text());
    checkDocument(document, file);
    let rows: Line[] = [];
    for (const element of elementsOf(document)) {
      rows.push(keys.read(element.text, element.line));
      if (rows.length < batch) continue;
      yield rows;
      rows = [];
    }
    yield rows;
  }
  await primed(lines());
  return { headers: keys.headers, line: 1, lines };
}

async function whole(text: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const bytes of text) chunks.push(Buffer.from(bytes));
  return Buffer.concat(chunks).toString('utf8');
}

function checkDocument(document: string, file: string): void {
  const { depth } = measure(document);
  // A list, its rows, and around both perhaps an object: what is deeper would take the parser several times its size.
  if (depth > maxDepth + 2) {
    const message = `is nested ${depth} deep; give a list of rows, [{…}, {…}] or {"rows": [{…}, {…}]}`;
    throw new BrokenFile({ file, line: 1, message, cause: 'not a list of rows' });
  }
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch (error) {
    throw new BrokenFile({ file, ...explain(document, error), cause: 'not valid JSON' });
  }
  if (Array.isArray(value)) return;
  const isRows = typeof value === 'object' && value !== null && Array.isArray((value as { rows?: unknown }).rows);
  if (isRows && measure(document).top === 1) return;
  const message =
    'is not a list of rows; give [{…}, {…}] or {"rows": [{…}, {…}]} (one object a line is --format ndjson)';
  throw new BrokenFile({ file, line: 1, message, cause: 'not a list of rows' });
}

function explain(document: string, error: unknown): { line: number; message: string } {
  const found = /line (\d+) column (\d+)/.exec(String(error));
  if (found === null)
    return { line: document.split('\n').length, message: 'the JSON ends too early; is the file whole?' };
  return {
    line: Number(found[1]),
    message: `is not valid JSON (column ${found[2]}); mend it, or save the rows as CSV`,
  };
}
