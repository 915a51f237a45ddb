// compileJob: compiles a job file (or none) to a RowRecipe, which converts lines to rows.
import { type ColumnName, columnNames, placeOf } from '../rows/columns.ts';
import { plainSpaces, type ReadDate, readIsoDate } from '../rows/iso-dates.ts';
import type { FieldError } from '../rows/row.ts';
import type { Renaming } from '../rows/column-mapping.ts';
import type { Pattern } from './patterns.ts';
import type { ColumnSource, Condition, JobFile, JobInput } from './schema.ts';

/** Fixed values of a step, by column index. */
export type Step = readonly { readonly place: number; readonly value: unknown }[];

/** A column whose cells hold lists. */
export interface Split {
  readonly place: number;
  readonly separator: string;
}

export interface RowRecipe {
  /** Undefined when the headers are manifest columns. */
  readonly renaming: Renaming | undefined;
  readonly conditions: readonly Condition[];
  /** The compiled expressions of the conditions, by their source. */
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Folded words that mean empty. */
  readonly nulls: ReadonlySet<string>;
  readonly known: JobInput['known'];
  readonly person: JobInput['person'];
  readonly splits: readonly Split[];
  /** Columns whose cells are one value, even if they look like a list. */
  readonly singleValued: ReadonlySet<ColumnName>;
  /** The rows that each line becomes, in order. A single empty step produces one row, unchanged. */
  readonly steps: readonly Step[];
  /** Reads dates in a time zone; without one in the job's own. */
  readonly readDateIn: (zone?: string) => ReadDate | FieldError;
  /** The date format of the job. */
  readonly dates: JobInput['dates'];
  /** The column with the time zone. */
  readonly zone: ColumnSource | undefined;
  /** Values that the action does not take are dropped, because a job file maps columns for several actions. */
  readonly lenient: boolean;
  /** Epoch ms that relative dates of conditions are measured from. */
  readonly now: number;
  readonly headerRow: number;
  /** The file needs no action column. */
  readonly hasAction: boolean;
}

/** The recipe of a job file, or of none. Throws InputError for a time zone or a date format that does not exist. */
export async function compileJob(job: JobFile | undefined, now: number): Promise<RowRecipe> {
  const { input = {}, steps = [{}] } = job ?? {};
  const { columns, dates, split = {}, constants, nulls = [] } = input;
  const stepList = steps.map((step) => fixedValues({ ...constants, ...step }));
  const conditions = conditionsOf(input);
  return {
    renaming: columns === undefined ? undefined : { columns },
    conditions,
    patterns: await patternsOf(conditions),
    nulls: new Set(nulls.map(foldWord)),
    known: input.known,
    person: input.person,
    splits: columnNames.flatMap((name) => {
      const separator = split[name];
      return typeof separator === 'string' ? [{ place: placeOf[name], separator }] : [];
    }),
    singleValued: new Set(columnNames.filter((name) => split[name] === false)),
    steps: stepList,
    // The date library is loaded only when a job has dates.
    readDateIn: dates === undefined ? () => readIsoDate : (await import('../rows/export-dates.ts')).jobDates(dates),
    dates,
    zone: typeof dates?.zone === 'object' ? dates.zone.column : undefined,
    lenient: job?.steps !== undefined || columns !== undefined,
    now,
    headerRow: input.headerRow ?? 1,
    hasAction: stepList.every((step) => step.some(({ place }) => place === placeOf.action)),
  };
}

/** Folds a word so that case, kinds of spaces, and spaces around it make no difference. */
export function foldWord(word: string): string {
  return plainSpaces(word.normalize('NFC')).toLowerCase();
}

/** The conditions of a job, all of which must hold. */
export function conditionsOf({ where = [] }: JobInput): readonly Condition[] {
  return Array.isArray(where) ? where : [where];
}

/** A condition and all conditions nested in it. */
export function partsOf(condition: Condition): Condition[] {
  const { all = [], any = [], not } = condition;
  return [condition, ...[...all, ...any, ...(not === undefined ? [] : [not])].flatMap(partsOf)];
}

/** All columns that a job reads, in whichever part of the job they are named. */
export function sourcesOf(input: JobInput): ColumnSource[] {
  const { columns = {}, person, known = {}, dates } = input;
  return [
    ...columnNames.map((name) => columns[name]).filter((source) => source !== undefined),
    ...conditionsOf(input)
      .flatMap(partsOf)
      .flatMap(({ column }) => column ?? []),
    ...(person === undefined ? [] : [...person.by, person.latest]),
    ...Object.keys(known),
    ...(typeof dates?.zone === 'object' ? [dates.zone.column] : []),
  ];
}

async function patternsOf(conditions: readonly Condition[]): Promise<RowRecipe['patterns']> {
  const sources = conditions.flatMap(partsOf).flatMap(({ matches }) => matches ?? []);
  if (sources.length === 0) return new Map();
  const { compilePattern } = await import('./patterns.ts');
  return new Map(
    sources.flatMap((source) => {
      const pattern = compilePattern(source);
      return typeof pattern === 'string' ? [] : [[source, pattern] as const];
    }),
  );
}

function fixedValues(values: Readonly<Record<string, unknown>>): Step {
  return columnNames.flatMap((name) =>
    values[name] === undefined ? [] : [{ place: placeOf[name], value: values[name] }],
  );
}
