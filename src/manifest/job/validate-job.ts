// validateJob: checks of a job file that the schema can't express, such as impossible values and steps that lack a column.
import { actions } from '../../actions/action-table.ts';
import { type FieldName, fieldNames } from '../../model.ts';
import type { ColumnName } from '../rows/columns.ts';
import { parseDays, readIsoDate } from '../rows/iso-dates.ts';
import { readEncoding } from '../read/encoding.ts';
import { fieldParsers } from '../rows/field-parsers.ts';
import { checkConditions } from './validate-conditions.ts';
import type { JobFile, JobInput, JobStep } from './schema.ts';
import { FieldError } from '../rows/row.ts';
import { readDelimiter } from '../read/delimiter.ts';
import { columnsFor, columnsOf } from '../rows/validate.ts';

/** All problems, each as `path: problem; what to do`. */
export async function validateJob({ input = {}, steps = [] }: JobFile): Promise<string[]> {
  const questions = openQuestions(input, 'input');
  if (questions.length > 0) return questions;
  return [
    ...(await checkConditions(input)),
    ...checkValues(input.constants ?? {}, 'input.constants'),
    ...checkTwice(input),
    ...steps.flatMap((step, at) => checkStep(step, { input, path: `steps[${at + 1}]` })),
    ...checkUse(input, steps),
    ...checkReading(input),
    ...checkReferences(input),
    ...(await checkDates(input)),
  ];
}

/** Open questions of a draft. */
function openQuestions(part: unknown, path: string): string[] {
  if (typeof part === 'string')
    return part.startsWith('?')
      ? [`${path}: ${JSON.stringify(part)} is an open question; replace it with your answer`]
      : [];
  if (Array.isArray(part)) return part.flatMap((each, at) => openQuestions(each, `${path}[${at + 1}]`));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, each]) => openQuestions(each, `${path}.${key}`));
}

/** Parses fixed values like cells. Dates in a job are ISO, whatever the format of the file. */
function checkValues(values: Readonly<Partial<Record<FieldName, unknown>>>, path: string): string[] {
  return fieldNames.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    const read = fieldParsers[name](typeof value === 'string' ? value.trim() : value, readIsoDate);
    return read instanceof FieldError ? [`${path}.${name}: ${read.message}`] : [];
  });
}

function checkTwice({ columns = {}, constants = {} }: JobInput): string[] {
  return Object.keys(constants)
    .filter((name) => columns[name as ColumnName] !== undefined)
    .map((name) => `input.constants.${name}: is also read from a column; keep one of the two`);
}

function checkStep(step: JobStep, { input, path }: { input: JobInput; path: string }): string[] {
  const allowed = columnsFor(step.action);
  const useless = fieldNames.filter((name) => step[name] !== undefined && !allowed.includes(name));
  return [
    ...useless.map((name) => `${path}.${name}: ${step.action} does not take it; it takes ${allowed.join(', ')}`),
    ...checkValues(isPutOff(step) ? { ...step, notBefore: undefined } : step, path),
    ...lacking(step, input).map(
      (need) => `${path}: ${step.action} needs ${need}; add it to the step, to input.constants or to input.columns`,
    ),
  ];
}

/** `+30d`: 30 days after the date of the row. */
function isPutOff({ notBefore }: JobStep): boolean {
  return typeof notBefore === 'string' && (parseDays(notBefore) ?? -1) > 0;
}

/** Required columns of a step without a mapped column, constant or fixed value. Without `columns`, the file may have any. */
function lacking(step: JobStep, { columns, constants = {} }: JobInput): string[] {
  if (columns === undefined) return [];
  return actions[step.action].needs
    .map((need) => columnsOf[need])
    .filter((names) => names.every((name) => (step[name] ?? constants[name] ?? columns[name]) === undefined))
    .map((names) => names.join(' or '));
}

/** Constants that no step uses. */
function checkUse({ constants = {} }: JobInput, steps: readonly JobStep[]): string[] {
  const used = new Set<string>(['action', ...steps.flatMap(({ action }) => columnsFor(action))]);
  const vain = steps.length === 0 ? [] : Object.keys(constants).filter((name) => !used.has(name));
  return vain.map((name) => `input.constants.${name}: no step takes it`);
}

/** Parts that flags can set too. Errors are reported before any file is read. */
function checkReading({ encoding, delimiter }: JobInput): string[] {
  const checks = [
    () => encoding !== undefined && readEncoding(encoding, 'input.encoding:'),
    () => delimiter !== undefined && readDelimiter(delimiter, 'input.delimiter:'),
  ];
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/** Parts of `input` that need `input.columns`. */
function checkReferences({ columns, split = {} }: JobInput): string[] {
  return Object.keys(split)
    .filter((name) => columns?.[name as ColumnName] === undefined)
    .map((name) => `input.split.${name}: is not read from a column; add it to input.columns`);
}

async function checkDates({ dates }: JobInput): Promise<string[]> {
  if (dates === undefined) return [];
  const { datesProblem } = await import('../rows/export-dates.ts');
  const problem = datesProblem(dates);
  return problem === undefined ? [] : [`input.dates: ${problem}`];
}
