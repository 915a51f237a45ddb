// One manifest opened: format, encoding, separator and columns are settled from its head. What rows mean is left to rows.ts.
import type { Context } from '../context.ts';
import { foldHeader } from './rows/columns.ts';
import { EncodingScan, readText } from './read/encoding.ts';
import { type Format, formatOf } from './read/format.ts';
import type { JobFile } from './job/schema.ts';
import { type ColumnMapping, mapOwnColumns, mapJobColumns, type Mapped } from './rows/column-mapping.ts';
import { FilteredOut } from './checks/filtered-out.ts';
import { BrokenFile, type Problem, type Issue } from './rows/row.ts';
import type { RowRecipe } from './job/row-recipe.ts';
import type { FileContext } from './rows/build-rows.ts';
import { detectDelimiter } from './read/delimiter.ts';
import { openCsv, type Table } from './read/table.ts';
import { openSource, type Source } from './read/source.ts';
import { rowFilters } from './job/row-filter.ts';

/** What flags and a job file say about the input. A flag overrides the job. */
export interface ManifestOptions {
  readonly format?: Format;
  /** A WHATWG label. */
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly ignoreColumns?: boolean;
  readonly job?: JobFile;
}

/** An opened file. */
export interface Manifest {
  /** As given; `-` is standard input. */
  readonly path: string;
  readonly format: Format;
  readonly encoding: string;
  readonly delimiter?: string;
  readonly mapping: readonly Mapped[];
  /** Headers that nobody reads. */
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
  readonly sha256: string;
  readonly table: Table;
  /** Of the last pass. */
  readonly filteredOut: FilteredOut;
  /** What is settled now; JSON may bring new keys, and then it is settled again. */
  refreshLayout(): FileContext;
  close(): Promise<void>;
}

export interface Opening {
  readonly options: ManifestOptions;
  readonly recipe: RowRecipe;
  readonly context: Context;
}

/** Opens a file, or says what is wrong with its headers. Throws LeaversError when it can't be read at all. */
export async function openManifest(path: string, opening: Opening): Promise<Manifest | readonly Issue[]> {
  const scan = new EncodingScan();
  const source = await openSource(path, opening.context, scan.see);
  try {
    const opened = await openSheet(source, scan, opening);
    const left = new FilteredOut();
    const { issues, settle, layout } = prepareLayout(path, { ...opened, left }, opening);
    if (issues.length > 0) {
      await source.close();
      // A header may be missing because the file was read in another way than it was meant.
      return [...issues, ...opened.warnings.map((message) => ({ file: path, line: 1, message, cause: 'warning' }))];
    }
    const { mapping } = layout;
    const asked = new Set(opening.recipe.conditions.map(({ column }) => foldHeader(column)));
    const ignored = layout.ignored.filter((header) => !asked.has(foldHeader(header)));
    return {
      path,
      ...opened,
      filteredOut: left,
      mapping,
      ignored,
      sha256: source.sha256,
      refreshLayout: settle,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    if (error instanceof BrokenFile) return [error.issue];
    throw error;
  }
}

type Opened = Pick<Manifest, 'format' | 'encoding' | 'delimiter' | 'warnings' | 'table'>;

async function openSheet(source: Source, scan: EncodingScan, { options, recipe }: Opening): Promise<Opened> {
  const file = source.path;
  const input = options.job?.input ?? {};
  const bytes = await source.head();
  const format = formatOf(file, bytes.toString('latin1'), options.format ?? input.format);
  if (format === 'xlsx') {
    const { openWorkbook } = await import('./read/xlsx.ts');
    return { format, encoding: 'utf-8', ...(await openWorkbook(source, { ...input, from: recipe.headerRow })) };
  }
  const { name, warning } = scan.settle(file, options.encoding ?? input.encoding);
  const settled = { format, encoding: name, warnings: warning === undefined ? [] : [warning] };
  const text = () => readText(source, name);
  if (format === 'json' || format === 'ndjson') {
    const { openJson, openNdjson } = await import('./read/json.ts');
    const table = format === 'json' ? openJson(text, { file, size: source.size }) : openNdjson(text, file);
    return { ...settled, table: await table };
  }
  const head = new TextDecoder(name).decode(bytes, { stream: true });
  const { delimiter, from } = detectDelimiter(head, options.delimiter ?? input.delimiter, recipe.headerRow);
  return { ...settled, delimiter, table: await openCsv(text, { file, delimiter, from }) };
}

/** How the file is settled, now and when its headers have grown. */
function prepareLayout(
  file: string,
  { table, format, left }: Opened & { left: FilteredOut },
  { options, recipe }: Opening,
) {
  const isTable = format === 'csv' || format === 'xlsx';
  const layOutNow = (): ColumnMapping =>
    recipe.renaming === undefined
      ? mapOwnColumns(table.headers, options.ignoreColumns ?? false)
      : mapJobColumns(table.headers, recipe.renaming);
  const settle = (): FileContext => ({
    file,
    recipe,
    headers: [...table.headers],
    layout: layOutNow(),
    tests: rowFilters(table.headers, recipe).tests,
    left,
  });
  const layout = layOutNow();
  const named = recipe.renaming !== undefined && table.headers.length > 0;
  const problems: Problem[] = [
    // Keys of JSON are each row's own, so what is wrong with them is said there.
    ...(isTable || named ? layout.problems : []),
    ...(isTable || table.headers.length > 0 ? rowFilters(table.headers, recipe).problems : []),
    ...(isTable ? noAction(layout, recipe) : []),
  ];
  const issues = problems.map((problem): Issue => ({ file, line: table.line, ...problem }));
  return { issues, settle, layout };
}

function noAction({ mapping }: ColumnMapping, { hasAction }: RowRecipe): Problem[] {
  if (hasAction || mapping.some(({ column }) => column === 'action')) return [];
  const message = 'no column says what to do; add a column "action", or give a job file with steps (--job)';
  return [{ message, cause: 'no action' }];
}
