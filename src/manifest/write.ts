// Renders manifests as text: one NDJSON line per row, and CSV templates.
import { stringify } from 'csv-stringify/sync';
import type { Action, ManifestRow } from '../actions/action.ts';
import { escapeUnsafe } from '../text/sanitize.ts';
import { fieldNames } from '../model.ts';
import { cellText } from '../storage/tables/csv-text.ts';
import { type ColumnName, columnNames } from './rows/columns.ts';
import { sourcesOf } from './job/row-recipe.ts';
import type { ColumnSource, JobFile } from './job/schema.ts';
import { headersOf, textOfHeader } from './rows/find-headers.ts';
import { readDelimiter } from './read/delimiter.ts';
import { columnsFor } from './rows/validate.ts';

/** One NDJSON line without its line end. */
export function renderRow(row: ManifestRow): string {
  return escapeUnsafe(JSON.stringify(rowValues(row)));
}

/** The columns of a row that have a value, in the order of the contract. */
export function rowValues(row: ManifestRow): Readonly<Record<string, unknown>> {
  const columns = [['action', row.action], ...fieldNames.map((name) => [name, row[name]])];
  return Object.fromEntries(columns.filter(([, value]) => value !== undefined)) as Record<string, unknown>;
}

/** CSV with the columns of an action and one example row, or with the headers that a job file reads. */
export function renderTemplate(subject: Action | JobFile): string {
  return 'send' in subject ? actionTemplate(subject) : jobTemplate(subject);
}

function actionTemplate({ name, example }: Action): string {
  const columns: ColumnName[] = ['action', ...columnsFor(name)];
  return stringify([columns, columns.map((column) => cellText(example[column]))]);
}

function jobTemplate({ input = {}, steps }: JobFile): string {
  const headers = input.columns === undefined ? plainColumns(steps) : [];
  const shown = [...new Set([...headers, ...sourcesOf(input).flatMap(firstHeaders)])];
  return stringify([shown], { delimiter: readDelimiter(input.delimiter ?? ',') });
}

/** The first of alternative headers; all of those that complement each other. */
function firstHeaders(source: ColumnSource): string[] {
  const headers = headersOf(source).map(textOfHeader);
  return Array.isArray(source) ? headers.slice(0, 1) : headers;
}

/** Columns of the steps without a fixed value. */
function plainColumns(steps: JobFile['steps']): string[] {
  if (steps === undefined) return [...columnNames];
  const used = new Set<ColumnName>(
    steps.flatMap((step) => columnsFor(step.action).filter((name) => step[name] === undefined)),
  );
  return columnNames.filter((name) => used.has(name));
}
