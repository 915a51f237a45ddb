// The job files that come with the program: their folder, their names, and the path of one by its name.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The folder beside the program; its depth differs between the sources and the bundle. */
function folder(): string | undefined {
  for (let at = import.meta.dirname; dirname(at) !== at; at = dirname(at)) {
    const jobs = join(at, 'jobs');
    if (existsSync(join(jobs, 'job.schema.json'))) return jobs;
  }
  return undefined;
}

/** The names of all shipped jobs, sorted. */
export function shippedJobs(): string[] {
  const jobs = folder();
  const files = jobs === undefined ? [] : readdirSync(jobs);
  return files
    .filter((file) => file.endsWith('.json') && file !== 'job.schema.json')
    .map((file) => basename(file, '.json'))
    .toSorted((a, b) => a.localeCompare(b));
}

/** The path of a shipped job, or undefined when there is none of that name. */
export function shippedJob(name: string): string | undefined {
  const jobs = folder();
  return jobs !== undefined && shippedJobs().includes(name) ? join(jobs, `${name}.json`) : undefined;
}
