// checkConditions: checks of a job's conditions that the schema can't express.
import { quote } from '../../text/quote.ts';
import { parseDays, parseIso } from '../rows/iso-dates.ts';
import { conditionsOf } from './row-recipe.ts';
import type { Condition, JobInput } from './schema.ts';

const tests = ['in', 'notIn', 'before', 'after', 'matches'] as const;
const groups = ['all', 'any', 'not'] as const;

/** All problems, each as `path: problem; what to do`. */
export async function checkConditions(input: JobInput): Promise<string[]> {
  const isList = Array.isArray(input.where);
  const places = conditionsOf(input).flatMap((condition, at) =>
    placesOf(condition, `input.where${isList ? `[${at + 1}]` : ''}`),
  );
  const problems = await Promise.all(places.map(([condition, path]) => checkCondition(condition, path)));
  return problems.flat();
}

type Place = readonly [Condition, string];

/** A condition and its parts, each with its path in the job. */
function placesOf(condition: Condition, path: string): Place[] {
  const { all = [], any = [], not } = condition;
  return [
    [condition, path],
    ...all.flatMap((each, at) => placesOf(each, `${path}.all[${at + 1}]`)),
    ...any.flatMap((each, at) => placesOf(each, `${path}.any[${at + 1}]`)),
    ...(not === undefined ? [] : placesOf(not, `${path}.not`)),
  ];
}

async function checkCondition(condition: Condition, path: string): Promise<string[]> {
  const presentTests = tests.filter((test) => condition[test] !== undefined);
  const grouped = groups.filter((group) => condition[group] !== undefined);
  if (grouped.length > 0) {
    const isAlone = grouped.length === 1 && presentTests.length === 0 && condition.column === undefined;
    return isAlone ? [] : [`${path}: give one of ${groups.join(', ')} alone, and column and tests inside it`];
  }
  if (condition.column === undefined)
    return [`${path}: has no column; name the header, or give one of ${groups.join(', ')}`];
  const isRange = presentTests.length === 2 && condition.before !== undefined && condition.after !== undefined;
  if (presentTests.length !== 1 && !isRange) return [`${path}: give one of ${tests.join(', ')}, or before and after`];
  if (condition.in?.length === 0) return [`${path}.in: is empty, so no row would ever be selected; list the words`];
  const moments = [condition.before, condition.after].filter((moment) => moment !== undefined);
  const wrong = moments.find((moment) => parseIso(moment) === undefined && parseDays(moment) === undefined);
  if (wrong !== undefined)
    return [`${path}: ${quote(wrong)} is neither an ISO date nor days from now; write 2026-01-31 or -90d`];
  return condition.matches === undefined ? [] : await checkPattern(condition.matches, `${path}.matches`);
}

async function checkPattern(source: string, path: string): Promise<string[]> {
  const { compilePattern } = await import('./patterns.ts');
  const pattern = compilePattern(source);
  if (typeof pattern !== 'string') return [];
  return [
    `${path}: ${quote(source)} is not a regular expression of RE2 (${pattern}); look-around and back-references are not possible, use all, any and not instead`,
  ];
}
