// Job files: JSON or YAML text → a checked JobFile, and the JSON Schema that editors complete from.
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { checkJob } from './jobcheck.ts';
import { type JobFile, jobShape } from './jobshape.ts';
import { maxDepth, measure, repeatedKey, withoutComments } from './jsontext.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';

export type { JobFile };

/** Bytes of a job file. */
const maxSize = 1024 * 1024;

/**
 * Reads a `.json`, `.yaml` or `.yml` job file. Throws LeaversError('missing') when it is not there, InputError with all that is wrong,
 * each with its path in the file.
 */
export async function readJobFile(path: string, context: Context): Promise<JobFile> {
  const content = await parseText(path, await readText(path, context));
  const read = jobShape.safeParse(content);
  if (!read.success)
    throw refusal(
      path,
      read.error.issues.flatMap((issue) => explain(issue)),
    );
  const job: JobFile = { ...read.data, path };
  const problems = await checkJob(job);
  if (problems.length > 0) throw refusal(path, problems);
  return job;
}

/** JSON Schema, draft 7. */
export function jobSchema(): object {
  return z.toJSONSchema(jobShape, { target: 'draft-07' });
}

function refusal(path: string, problems: readonly string[]): InputError {
  return new InputError(problems.map((problem) => `${path}: ${problem}`).join('\n'));
}

async function readText(path: string, { cwd }: Context): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(cwd, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = code === 'ENOENT' ? 'no such job file' : `can't be read (${code})`;
    throw new LeaversError('missing', `${path}: ${reason}; check the path`);
  }
  if (bytes.length > maxSize) throw refusal(path, [`has ${bytes.length} bytes; a job file has ${maxSize} at the most`]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(path, ['is not UTF-8; save it as UTF-8']);
  }
}

async function parseText(path: string, text: string): Promise<unknown> {
  const extension = extname(path).toLowerCase();
  if (extension === '.json' || extension === '.jsonc') return parseJson(path, withoutComments(text));
  if (extension === '.yaml' || extension === '.yml') return await parseYaml(path, text);
  throw refusal(path, [`${quote(extension)} is not the end of a job file's name; use .json, .yaml or .yml`]);
}

function parseJson(path: string, text: string): unknown {
  if (measure(text).depth > maxDepth) throw refusal(path, ['is nested too deep for a job file']);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const place = /line (\d+) column (\d+)/.exec(String(error));
    const where = place === null ? 'it ends too early' : `line ${place[1]}, column ${place[2]}`;
    throw refusal(path, [`is not valid JSON (${where})`]);
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw refusal(path, [`holds the key ${quote(twice)} twice in one place; keep one of them`]);
  return content;
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw refusal(path, [`is not valid YAML: ${error.message.split('\n')[0]}`]);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    throw refusal(path, ['has too many aliases for a job file']);
  }
}

function explain(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.length === 0 ? '' : `${pathOf(issue.path)}: `;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map(
      (key) => `${at}${quote(key)} is not known here${didYouMean(key, known) || `; known are ${known.join(', ')}`}`,
    );
  }
  return [`${at}${issue.message}`];
}

/** `input.where[0].column` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The keys that the schema has at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const found = path.reduce<Schema | undefined>(
    (schema, part) => (typeof part === 'number' ? schema?.items : schema?.properties?.[String(part)]),
    jobSchema() as Schema,
  );
  return Object.keys(found?.properties ?? {});
}
