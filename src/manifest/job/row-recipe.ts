// How lines become rows beside their columns: conditions, fixed values, steps, dates, words that mean empty. Made from a job file, or plain.
import { type ColumnName, columnNames, placeOf } from '../rows/columns.ts';
import { type ReadDate, readIsoDate } from '../rows/iso-dates.ts';
import type { Condition, JobFile } from './schema.ts';
import type { Renaming } from '../rows/column-mapping.ts';
import type { Rules } from '../rows/validate.ts';

/** Values that a step fixes, by their place in the row. */
export type Step = readonly { readonly place: number; readonly value: unknown }[];

export interface RowRecipe {
  /** Undefined when the file has our own headers. */
  readonly renaming: Renaming | undefined;
  readonly conditions: readonly Condition[];
  /** Folded words that mean empty. */
  readonly nulls: ReadonlySet<string>;
  /** What each line becomes, in order; one empty step leaves it as it is. */
  readonly steps: readonly Step[];
  readonly rules: Rules;
  /** Epoch ms that relative dates of conditions are measured from. */
  readonly now: number;
  readonly headerRow: number;
  /** The file needs no action column. */
  readonly hasAction: boolean;
}

/** The recipe of a job file, or of none. Throws InputError for a time zone or a date format that does not exist. */
export async function compileJob(job: JobFile | undefined, now: number): Promise<RowRecipe> {
  const { input = {}, steps = [{}] } = job ?? {};
  const made = steps.map((step) => fixed({ ...input.constants, ...step }));
  return {
    renaming: input.columns === undefined ? undefined : { columns: lists(input.columns) },
    conditions: input.where ?? [],
    nulls: new Set((input.nulls ?? []).map(foldWord)),
    steps: made,
    rules: {
      readDate: await dateReader(job),
      lenient: job?.steps !== undefined || input.columns !== undefined,
    },
    now,
    headerRow: input.headerRow ?? 1,
    hasAction: made.every((step) => step.some(({ place }) => place === placeOf.action)),
  };
}

/** Words are the same when they differ in case or spaces around only. */
export function foldWord(word: string): string {
  return word.normalize('NFC').trim().toLowerCase();
}

async function dateReader(job: JobFile | undefined): Promise<ReadDate> {
  const dates = job?.input?.dates;
  // The date library is loaded only for those who need it.
  return dates === undefined ? readIsoDate : (await import('../rows/export-dates.ts')).jobDates(dates);
}

function fixed(values: Readonly<Record<string, unknown>>): Step {
  return columnNames.flatMap((name) =>
    values[name] === undefined ? [] : [{ place: placeOf[name], value: values[name] }],
  );
}

function lists(columns: Readonly<Partial<Record<ColumnName, string | readonly string[]>>>): Renaming['columns'] {
  return Object.fromEntries(
    Object.entries(columns).map(([name, headers]) => [name, typeof headers === 'string' ? [headers] : headers]),
  );
}
