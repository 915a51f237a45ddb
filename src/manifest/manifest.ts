// openManifest: opens one manifest and detects its format, encoding, separator and columns from its first bytes.
import type { Context } from '../context.ts';
import { EncodingScan, readText } from './read/encoding.ts';
import { type Format, formatOf } from './read/format.ts';
import type { JobFile, JobInput } from './job/schema.ts';
import type { ColumnMapping, Mapped } from './rows/column-mapping.ts';
import { FilteredOut } from './checks/filtered-out.ts';
import { BrokenFile, type Problem, type Issue } from './rows/row.ts';
import { compileJob, type RowRecipe, sourcesOf } from './job/row-recipe.ts';
import { isPlanHead, type SavedPlan } from './saved-plan.ts';
import { type FileContext, prepareFile } from './rows/file-context.ts';
import { headersOf, textOfHeader } from './rows/find-headers.ts';
import { detectDelimiter } from './read/delimiter.ts';
import { quote } from '../text/quote.ts';
import { openCsv, type Table } from './read/table.ts';
import { openSource, type Source } from './read/source.ts';

/** Options about the input, from flags and the job file. A flag overrides the job. */
export interface ManifestOptions {
  readonly format?: Format;
  /** A WHATWG label. */
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly ignoreColumns?: boolean;
  readonly job?: JobFile;
  /** Ends the reading when aborted. */
  readonly signal?: AbortSignal;
}

/** An opened file. */
export interface Manifest {
  /** As given; `-` is standard input. */
  readonly path: string;
  readonly format: Format;
  readonly encoding: string;
  readonly delimiter?: string;
  readonly mapping: readonly Mapped[];
  /** Headers of columns that are not read. */
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
  readonly sha256: string;
  readonly table: Table;
  /** Present if the file is a saved plan. A job's input and steps do not apply to its rows. */
  readonly plan?: SavedPlan;
  /** The lines left out in the last pass. */
  readonly filteredOut: FilteredOut;
  /** The layout for the headers so far. Reading JSON may add keys; then call it again. */
  refreshLayout(): FileContext;
  close(): Promise<void>;
}

export interface Opening {
  readonly options: ManifestOptions;
  readonly recipe: RowRecipe;
  readonly context: Context;
}

/** Opens a file, or returns the problems of its headers. Throws LeaversError if it can't be read. */
export async function openManifest(path: string, request: Opening): Promise<Manifest | readonly Issue[]> {
  const scan = new EncodingScan();
  const source = await openSource(path, { context: request.context, scan: scan.see, signal: request.options.signal });
  try {
    const opening = isPlanHead((await source.head()).toString('latin1')) ? await withoutJob(request) : request;
    const opened = await openSheet(source, scan, opening);
    const filteredOut = new FilteredOut();
    const { issues, layout, first } = prepareLayout(path, { ...opened, filteredOut }, opening);
    if (issues.length > 0) {
      await source.close();
      // A header may be missing because the file was read with the wrong encoding, sheet or separator, which the warnings name.
      const hints = [...opened.warnings, ...(await suggest(opened.table, opening))];
      return [
        ...issues,
        ...hints.map((message) => ({ file: path, line: opened.table.line, message, cause: 'warning' })),
      ];
    }
    const { mapping } = first.layout;
    const ignored =
      opening.recipe.renaming === undefined
        ? first.layout.ignored
        : first.headers.filter((_, cell) => !first.used.has(cell));
    return {
      path,
      ...opened,
      filteredOut,
      mapping,
      ignored,
      sha256: source.sha256,
      refreshLayout: layout,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    if (error instanceof BrokenFile) return [error.issue];
    throw error;
  }
}

/** A saved plan was approved as it is, so a job must not change its rows. */
async function withoutJob({ options: jobOptions, recipe, context }: Opening): Promise<Opening> {
  const { job: _, ...options } = jobOptions;
  return { options, recipe: await compileJob(undefined, recipe.now), context };
}

/** Suggests a shipped job for these headers. */
async function suggest({ headers }: Table, { options, context }: Opening): Promise<string[]> {
  if (options.job !== undefined) return [];
  const { suggestJobs } = await import('./job/suggest-job.ts');
  const [best, ...others] = await suggestJobs(headers, context);
  if (best === undefined) return [];
  const more = others.length === 0 ? '' : ` (or ${others.join(', ')})`;
  return [
    `its headers are those of the shipped job ${best}${more}; give --job ${best}, or see leavers template ${best}`,
  ];
}

type Opened = Pick<Manifest, 'format' | 'encoding' | 'delimiter' | 'warnings' | 'table' | 'plan'>;

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
    const nested = dottedNames(input);
    if (format === 'ndjson') return { ...settled, table: await openNdjson(text, { file, nested }) };
    const rows = input.rows === undefined ? {} : { rows: input.rows };
    const isPlan = isPlanHead(bytes.toString('latin1'));
    const { warnings, ...document } = await openJson(text, { file, size: source.size, nested, isPlan, ...rows });
    return { ...settled, ...document, warnings: [...settled.warnings, ...warnings] };
  }
  const head = new TextDecoder(name).decode(bytes, { stream: true });
  const { delimiter, from, skipped } = detectDelimiter(head, options.delimiter ?? input.delimiter, recipe.headerRow);
  const type = skipped === undefined ? [] : [`line 1 is left out: ${quote(skipped)}`];
  const table = await openCsv(text, { file, delimiter, from });
  return { ...settled, delimiter, table, warnings: [...settled.warnings, ...type, ...above(recipe)] };
}

function above({ headerRow }: RowRecipe): string[] {
  if (headerRow === 1) return [];
  return [`${headerRow === 2 ? 'line 1' : `lines 1 to ${headerRow - 1}`} above the headers left out`];
}

/** The names of nested values that a job reads from JSON. */
function dottedNames(input: JobInput): string[] {
  const names = sourcesOf(input).flatMap(headersOf).map(textOfHeader);
  return [...new Set(names.filter((name) => name.includes('.')))];
}

/** The layout of the file, and a function that recomputes it after new headers. */
function prepareLayout(
  file: string,
  { table, format, filteredOut }: Opened & { filteredOut: FilteredOut },
  { options, recipe }: Opening,
) {
  const isTable = format === 'csv' || format === 'xlsx';
  const prepare = () =>
    prepareFile({ file, table, recipe, ignoreColumns: options.ignoreColumns ?? false, filteredOut });
  const { context: first, problems: found } = prepare();
  const hasHeaders = isTable || table.headers.length > 0;
  const isNamed = recipe.renaming !== undefined && hasHeaders;
  const problems: Problem[] = [
    // Each object of JSON has its own keys, so their problems are reported with their rows.
    ...(isTable || isNamed ? first.layout.problems : []),
    ...(hasHeaders ? found : []),
    ...(isTable ? noAction(first.layout, recipe) : []),
  ];
  const issues = problems.map((problem): Issue => ({ file, line: table.line, ...problem }));
  return { issues, layout: () => prepare().context, first };
}

function noAction({ mapping }: ColumnMapping, { hasAction }: RowRecipe): Problem[] {
  if (hasAction || mapping.some(({ column }) => column === 'action')) return [];
  const message = 'there is no action column; add a column "action", or give a job file with steps (--job)';
  return [{ message, cause: 'no action' }];
}
