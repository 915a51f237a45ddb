// Writes rows into a new file in the format of its extension.
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { type Part, writeNewFile } from '../new-file.ts';
import { csvText } from './csv-text.ts';
import { jsonText, ndjsonText } from './json-output.ts';
import { type OutputFormat, outputFormat } from './output-format.ts';
import type { OutputTable } from './output-table.ts';
import { surveyRows } from './row-survey.ts';

/**
 * Writes a table into a new file, or to stdout (`-`) as NDJSON (a manifest) or CSV (a table for people). Flags refuse other extensions
 * before; such a path is written like stdout. Throws `report` (73) if the file exists or its readers would refuse its size.
 */
export async function writeTable(path: string, table: OutputTable, context: Context): Promise<void> {
  const format = table.format ?? outputFormat(path) ?? (table.purpose === 'manifest' ? 'ndjson' : 'csv');
  const maxBytes = path === '-' ? undefined : table.maxBytes?.[format];
  const content = render(format, table, context);
  await writeNewFile(path, maxBytes === undefined ? content : limited(content, maxBytes, path), context);
}

function render(format: OutputFormat, table: OutputTable, { tmpdir }: Context): AsyncIterable<Part> {
  if (format === 'ndjson') return ndjsonText(table.rows);
  if (format === 'json') return jsonText(table);
  if (format === 'xlsx') return workbook(table, tmpdir);
  return table.purpose === 'people' ? csvText(table.columns, table.rows, 'people') : manifestCsv(table, tmpdir);
}

async function* manifestCsv(table: OutputTable, tmpdir: string): AsyncGenerator<string> {
  using survey = await surveyRows(table, tmpdir);
  yield* csvText(survey.columns, survey.rows(), 'manifest');
}

/** Its library is loaded only when it is used. */
async function* workbook(table: OutputTable, tmpdir: string): AsyncGenerator<Uint8Array> {
  yield* (await import('./workbook.ts')).workbookBytes(table, tmpdir);
}

async function* limited(content: AsyncIterable<Part>, maxBytes: number, path: string): AsyncGenerator<Part> {
  let size = 0;
  for await (const part of content) {
    size += Buffer.byteLength(part);
    if (size > maxBytes) {
      const limit = `${maxBytes / 1024 / 1024} MiB`;
      throw new LeaversError(
        'report',
        `${path}: would be larger than the ${limit} that a command reads in this format; name a .csv or .ndjson file`,
      );
    }
    yield part;
  }
}
