// JSON and NDJSON → lines of cells, one cell a key. Which key is which column is left to layout.ts.
import { InputError } from '../../errors.ts';
import type { TableRow } from './csv.ts';
import { Cells } from './json-row.ts';
import { elementsOf, maxDepth, measure } from './json-text.ts';
import { BrokenFile } from '../rows/row.ts';
import type { Table } from './table.ts';

/** Bytes of a JSON document, which is held whole. */
export const maxJson = 64 * 1024 * 1024;
/** Characters of one NDJSON line. */
const maxLine = 262_144;

/** One object a line; blank lines are left out. */
export async function openNdjson(text: () => AsyncIterable<Buffer>, file: string): Promise<Table> {
  const cells = new Cells(file);
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
  return text === '' || text.trim() === '' ? [] : [cells.read(text, line)];
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
): Promise<Table> {
  if (size > maxJson) {
    const message = `has ${Math.ceil(size / 1024 / 1024)} MiB, and JSON is held whole, up to ${maxJson / 1024 / 1024} MiB`;
    throw new InputError(`${file}: ${message}; save it as NDJSON (one object a line), which has no limit`);
  }
  const cells = new Cells(file);
  async function* lines(): AsyncGenerator<readonly TableRow[]> {
    const document = await whole(text());
    checkDocument(document, file);
    let rows: TableRow[] = [];
    for (const element of elementsOf(document)) {
      rows.push(cells.read(element.text, element.line));
      if (rows.length < batch) continue;
      yield rows;
      rows = [];
    }
    yield rows;
  }
  await primed(lines());
  return { headers: cells.headers, line: 1, lines };
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
