// readJobFile: a job file in JSON or YAML, or a shipped job by its name → a checked JobFile.
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Context } from '../../context.ts';
import { InputError, LeaversError } from '../../errors.ts';
import { readInput } from '../../storage/input-file.ts';
import { validateJob } from './validate-job.ts';
import { type JobFile, jobFileSchema } from './schema.ts';
import { quote } from '../../text/quote.ts';

export type { JobFile };

/** Most bytes of a job file. */
const maxSize = 1024 * 1024;

/**
 * Reads a `.json`, `.yaml` or `.yml` job file, or the shipped job of that name. Throws LeaversError('missing') if there is none, and
 * InputError with all problems, each with its path in the file.
 */
export async function readJobFile(nameOrPath: string, context: Context): Promise<JobFile> {
  const path = await findJob(nameOrPath, context);
  const text = await readText(path, context);
  const { content, plain } = await parseText(path, text);
  const read = jobFileSchema.safeParse(content, { reportInput: true });
  if (!read.success) {
    const { describeSchemaError: describeShape } = await import('./schema-errors.ts');
    const otherwise = 'is not a job file; start with {"name": "…", "steps": [{"action": "suspend-user"}]}';
    throw new InputError(describeShape(read.error.issues, { path, text: plain, shape: jobFileSchema, otherwise }));
  }
  const job: JobFile = { ...read.data, path: nameOrPath };
  const problems = await validateJob(job);
  if (problems.length === 0) return job;
  const { placeProblems } = await import('./schema-errors.ts');
  throw new InputError(placeProblems(problems, { path, text: plain }));
}

/** Whether the job has steps or an action column. */
export function hasSteps({ input: { columns, constants = {} } = {}, steps = [] }: JobFile): boolean {
  return columns === undefined || steps.length > 0 || (columns.action ?? constants.action) !== undefined;
}

/** Throws InputError for a job that only describes a list of people. */
export function refuseWithoutSteps(job: JobFile): void {
  if (hasSteps(job)) return;
  const words = 'is missing, and there is no action column; add steps like [{"action": "suspend-user"}]';
  throw refusal(job.path, [`steps: ${words}; only reconcile reads a list without them`]);
}

function refusal(path: string, problems: readonly string[]): InputError {
  return new InputError(problems.map((problem) => `${path}: ${problem}`).join('\n'));
}

/** The path of a job file. A name without an extension that is not a file here names a shipped job. */
async function findJob(nameOrPath: string, { cwd }: Context): Promise<string> {
  if (!/^[\w-]+$/.test(nameOrPath) || existsSync(resolve(cwd, nameOrPath))) return nameOrPath;
  const { shippedJob, shippedJobs } = await import('./shipped-jobs.ts');
  const found = shippedJob(nameOrPath);
  if (found !== undefined) return found;
  const names = shippedJobs();
  const { didYouMean } = await import('../../text/suggest.ts');
  const hint = didYouMean(nameOrPath, names) || `; shipped are ${names.join(', ')}`;
  throw new LeaversError('missing', `${nameOrPath}: no such job file, and no shipped job of that name${hint}`);
}

async function readText(path: string, { cwd }: Context): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readInput(resolve(cwd, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = code === 'ENOENT' ? 'no such job file' : `can't be read (${code})`;
    throw new LeaversError('missing', `${path}: ${reason}; check the path`);
  }
  if (bytes.length > maxSize)
    throw refusal(path, [`has ${bytes.length} bytes; a job file may have at most ${maxSize}`]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(path, ['is not UTF-8; save it as UTF-8']);
  }
}

function isJson(path: string): boolean {
  return /\.jsonc?$/i.test(path);
}

/** The content of a job file, and its text without the comments that JSON does not allow. */
async function parseText(path: string, text: string): Promise<{ content: unknown; plain: string }> {
  if (isJson(path)) return await parseJson(path, text);
  const extension = extname(path).toLowerCase();
  if (extension === '.yaml' || extension === '.yml') return { content: await parseYaml(path, text), plain: text };
  throw refusal(path, [`${quote(extension)} is not the extension of a job file; use .json, .yaml or .yml`]);
}

async function parseJson(path: string, text: string): Promise<{ content: unknown; plain: string }> {
  const { inspectJson, maxDepth, withoutComments } = await import('../read/json-structure.ts');
  const plain = withoutComments(text);
  const { isTooDeep, repeatedKey, error } = inspectJson(plain, maxDepth);
  if (isTooDeep) throw refusal(path, ['is nested too deep for a job file']);
  let content: unknown;
  try {
    content = JSON.parse(plain);
  } catch {
    const [where, column] = error === undefined ? [path, ''] : [`${path}:${error.line}`, ` (column ${error.column})`];
    const hint = 'look for a missing quote, comma or bracket before that, or name the file .yaml if it is YAML';
    throw refusal(where, [`is not valid JSON${column}; ${hint}`]);
  }
  if (repeatedKey !== undefined)
    throw refusal(path, [`has the key ${quote(repeatedKey)} twice in one place; keep one of them`]);
  return { content, plain };
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parseDocument, visit } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') throw refusal(path, ['has several documents ("---"); keep one per file']);
  if (error !== undefined)
    throw refusal(path, [
      `is not valid YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}; check indents and quotes`,
    ]);
  // A number whose text would change, like 007.
  visit(document, {
    Scalar: (_, { value, source }) => {
      if (typeof value !== 'number' || source === undefined || String(value) === source) return;
      throw refusal(path, [`${quote(source)} is a number to YAML and would become ${value}; put it in quotes`]);
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    throw refusal(path, ['has too many aliases for a job file']);
  }
}
