// suggestJobs: finds the shipped jobs that fit the headers of a file, for files without a job.
import type { Context } from '../../context.ts';
import { findCells } from '../rows/find-headers.ts';
import { hasSteps, readJobFile } from './job-file.ts';
import { sourcesOf } from './row-recipe.ts';
import { shippedJobs } from './shipped-jobs.ts';

/** The names of the jobs that could read these headers, the one that reads most of them first. */
export async function suggestJobs(headers: readonly string[], context: Context): Promise<string[]> {
  // Looks in the folder of the program only, not in the current one.
  const jobs = await Promise.all(shippedJobs().map((name) => readJobFile(name, { ...context, cwd: '/' })));
  const fitting = jobs.filter(hasSteps).flatMap(({ path, input = {} }) => {
    const { person: _, ...needed } = input;
    const found = sourcesOf(needed).map((source) => findCells(headers, { source, column: '' }));
    // A job that names no header reads every manifest.
    const isOther = found.length === 0 || found.some((cells) => 'message' in cells);
    return isOther ? [] : [{ path, cells: new Set(found.flat()).size }];
  });
  return fitting.toSorted((a, b) => b.cells - a.cells).map(({ path }) => path);
}
