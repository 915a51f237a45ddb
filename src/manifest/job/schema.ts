// jobFileSchema: the schema of a job file, for reading, types and the JSON Schema. validate-job.ts checks rules between parts.
import { z } from 'zod';
import { actionNames, leftOutReasons } from '../../model.ts';
import { formats } from '../read/format.ts';
import { type ColumnName, columnNames } from '../rows/columns.ts';

const text = z.string().min(1);
const words = z.array(z.string());
const count = z.union([z.int().min(0), z.string().regex(/^\d+(\.\d+)?%?$/)]);
const switchable = z.union([text, z.boolean()]);
const optional = z.exactOptional;
const action = z.enum(actionNames);

/** Fixed values of a job; validate-job.ts parses them like cells. */
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]);

function ofColumns<T extends z.ZodType>(each: T, names: readonly ColumnName[]) {
  const shape = Object.fromEntries(names.map((name) => [name, optional(each)]));
  return z.strictObject(shape as { [K in ColumnName]: z.ZodExactOptional<T> });
}

const header = z.union([text, z.strictObject({ header: text, nth: z.int().min(1) })]);
const source = z.union([header, z.array(header).min(1), z.strictObject({ firstOf: z.array(header).min(1) })]);

/** A header of the file: its text, or the n-th (from 1) of several that are the same. */
export type Header = z.output<typeof header>;
/** The source of a column: one header, one of several of which exactly one must be in the file, or the first filled cell of several. */
export type ColumnSource = z.output<typeof source>;

/** A line is selected when the condition holds; one that has several tests or none is refused by validate-job.ts. */
export interface Condition {
  readonly column?: Header;
  readonly in?: readonly string[];
  readonly notIn?: readonly string[];
  readonly before?: string;
  readonly after?: string;
  readonly matches?: string;
  readonly all?: readonly Condition[];
  readonly any?: readonly Condition[];
  readonly not?: Condition;
}

const condition: z.ZodType<Condition> = z.strictObject({
  column: optional(header).describe(
    'A header of the file (case, spaces, _ and - do not count); dotted for nested JSON.',
  ),
  in: optional(words).describe('The cell is one of these words, in any case.'),
  notIn: optional(words).describe('The cell is none of these words.'),
  before: optional(text).describe('The date in the cell is before this ISO date, or this many days from now (-90d).'),
  after: optional(text).describe('The date in the cell is after this ISO date, or this many days from now (-90d).'),
  matches: optional(text).describe(
    'A regular expression (RE2 syntax: no look-around, no back-references) that matches somewhere in the cell, in any case.',
  ),
  all: optional(z.array(z.lazy(() => condition)).min(1)).describe('All of these conditions hold.'),
  any: optional(z.array(z.lazy(() => condition)).min(1)).describe('At least one of these conditions holds.'),
  not: optional(z.lazy(() => condition)).describe('This condition does not hold.'),
});

const person = z.strictObject({
  by: z
    .array(source)
    .min(1)
    .describe(
      'Columns that identify a person, like ["Employee ID"]; lines that agree in all of them are about one person.',
    ),
  latest: source.describe(
    'The column with the date of the employment, like "Hire Date". Of several lines about one person only the one with the latest date counts; the others produce no rows and are reported. Equal or missing dates are an error.',
  ),
});

const dates = z.strictObject({
  format: optional(z.union([text, z.array(text).min(1)])).describe(
    'Like dd.MM.yyyy or MM/dd/yyyy; only ISO dates without it.',
  ),
  zone: optional(z.union([text, z.strictObject({ column: source })])).describe(
    'IANA time zone of dates without one, like Europe/Berlin, or { "column": "Time zone" } when each row names its own. Default UTC.',
  ),
  at: optional(z.enum(['start-of-day', 'end-of-day'])).describe(
    'What a date without a time means. Default start-of-day.',
  ),
  locale: optional(text).describe('Language of month names, like de. Default en.'),
});

const input = z.strictObject({
  path: optional(text).describe('The file to read when the command names none.'),
  format: optional(z.enum(formats)),
  encoding: optional(text).describe('A WHATWG label, like windows-1252.'),
  delimiter: optional(text).describe('One character, or "tab".'),
  headerRow: optional(z.int().min(1).max(1000)).describe('Row of the headers, from 1.'),
  sheet: optional(text).describe("Name of a workbook's sheet; the first when absent."),
  rows: optional(text).describe(
    'Name of the list of rows in a JSON document, like "value", "Report_Entry" or "d.results".',
  ),
  columns: optional(ofColumns(source, columnNames)).describe(
    'Our column ← one of their headers. A list names alternatives of which exactly one must be in the file; { "firstOf": [...] } takes the first filled cell of several; { "header": "Status", "nth": 2 } tells identical headers apart; "profile.email" is nested JSON. Other headers are ignored.',
  ),
  split: optional(ofColumns(z.union([text, z.literal(false)]), columnNames)).describe(
    'Our column ← the separator of the lists in its cells, like "," or "\\n": each entry becomes a row of its own. false: the cell is one value, whatever it holds.',
  ),
  where: optional(z.union([z.array(condition), condition])).describe(
    'Rows to select: those for which all conditions hold.',
  ),
  person: optional(person).describe('Several lines about one person: only the latest employment counts.'),
  known: optional(z.record(text, words.min(1))).describe(
    'Header ← all words that may occur in its cells. Any other word is an error, because a condition that matches nobody looks like a day without work.',
  ),
  constants: optional(ofColumns(value, columnNames)).describe('Columns that have the same value in every row.'),
  dates: optional(dates),
  nulls: optional(words).describe('Words that mean an empty cell, like "-" or "N/A".'),
});

/** The one definition of a job file. */
export const jobFileSchema = z
  .strictObject({
    $schema: optional(z.string()),
    name: optional(text.max(100)).describe('Shown in plan, report and lock.'),
    description: optional(z.string()),
    input: optional(input).describe('How the file becomes rows.'),
    steps: optional(z.array(ofColumns(value, columnNames.slice(1)).extend({ action })).min(1)).describe(
      'The actions that each row becomes, in order. A step may set a fixed value for any column of its action.',
    ),
    guards: optional(
      z.strictObject({
        maxChanges: optional(count).describe("A count, or a percentage of the organization's people: 500 or 5%."),
        maxFailures: optional(count).describe('A count, or a percentage of the rows finished so far.'),
        protect: optional(z.union([text, words])).describe(
          'Accounts, e-mails, groups, patterns like *@board.example.com and group:execs for members, or a file of them.',
        ),
        allow: optional(z.array(action)).describe('Irreversible actions that this job may run.'),
        accept: optional(z.array(z.enum(leftOutReasons))).describe(
          'Reasons for which a person may be left out and keep their access without exit code 4.',
        ),
        approvers: optional(text).describe(
          'A list of approvers, one e-mail and public key per line; only saved plans that one of them has approved may run.',
        ),
        minRows: optional(count).describe(
          'Fewer rows are refused: a count, or a percentage of the last run: 100 or 80%.',
        ),
        maxInputAge: optional(text).describe('An older manifest file is refused, like 26h.'),
        maxDuration: optional(text).describe('Like 50m.'),
      }),
    ),
    pace: optional(
      z.strictObject({
        rate: optional(text).describe('Like 180/m, or none.'),
        concurrency: optional(z.int().min(1)),
        retries: optional(z.int().min(0)),
        timeout: optional(text).describe('Like 30s.'),
      }),
    ),
    prices: optional(
      z
        .record(text, z.union([z.number().min(0), text]))
        .refine(
          (prices) =>
            Object.entries(prices).every(([name, price]) => (name === 'currency') === (typeof price === 'string')),
          'has a value that is not a price; give a number for each product, and text like EUR for "currency"',
        ),
    ).describe('Per product and month, for the cost of seats: { "jira-software": 8.15, "currency": "EUR" }.'),
    report: optional(
      z.strictObject({
        folder: optional(text).describe('Folder of the reports; reports by default.'),
        name: optional(text)
          .refine((name) => !/[/\\]/.test(name), 'must be a name without a folder; the folder is report.folder')
          .refine(
            (name) => !/[{}]/.test(name.replace(/\{(manifest|job|date|time)\}/g, '')),
            'has an unknown placeholder; the known ones are {manifest}, {job}, {date}, {time}',
          )
          .describe('Name of the report without .ndjson: {manifest}, {job}, {date} and {time} are filled in.'),
        html: optional(switchable).describe('Write the page after each run: beside the report, or at this path.'),
        csv: optional(switchable).describe('Write the table after each run: beside the report, or at this path.'),
        metrics: optional(text).describe('A file for Prometheus.'),
      }),
    ),
  })
  .describe('A job file of leavers: how an export becomes rows, and the settings of a recurring run.');

export type JobContent = Readonly<z.output<typeof jobFileSchema>>;
export type JobInput = NonNullable<JobContent['input']>;
export type JobStep = NonNullable<JobContent['steps']>[number];
/** How dates of the file are written. */
export type Dates = NonNullable<JobInput['dates']>;

/** A job file as it was read. Limits and rates stay as written (`5%`, `180/m`); the settings read them like flags. */
export type JobFile = JobContent & {
  /** As given. */
  readonly path: string;
};
