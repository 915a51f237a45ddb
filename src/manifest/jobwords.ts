// What is wrong with a job file's shape, in words and at its line. Loads the YAML library, so only for files that are wrong.
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { jobSchema } from './jobshape.ts';
import { didYouMean } from './nearest.ts';
import { quote, textOf } from './quote.ts';

/** A line for each problem: `job.json:3: input: "wheer" is not known here; did you mean "where"?` */
export function describeShape(
  issues: readonly z.core.$ZodIssue[],
  { path, text }: { path: string; text: string },
): string {
  const lineCounter = new LineCounter();
  // JSON is YAML too, so one parser finds the lines of both.
  const document = parseDocument(text, { lineCounter });
  const place = (issue: z.core.$ZodIssue, key?: string) =>
    document.errors.length > 0 ? path : `${path}:${lineCounter.linePos(offsetOf(document, issue.path, key)).line}`;
  return issues.flatMap((issue) => explain(issue).map(({ key, words }) => `${place(issue, key)}: ${words}`)).join('\n');
}

/** Where a key stands, else the value at the path. */
function offsetOf(document: Document, path: readonly PropertyKey[], key: string | undefined): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(node) ? node.items.find((item) => String(item.key) === key) : undefined;
  const found = isNode(pair?.key) ? pair.key : node;
  return isNode(found) ? (found.range?.[0] ?? 0) : 0;
}

/** What is wrong in words, with the key that it is about. */
interface Explained {
  readonly key?: string;
  readonly words: string;
}

function explain(issue: z.core.$ZodIssue): Explained[] {
  const at = issue.path.length === 0 ? '' : `${pathOf(issue.path)}: `;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => ({
      key,
      words: `${at}${quote(key)} is not known here${didYouMean(key, known) || `; known are ${known.join(', ')}`}`,
    }));
  }
  if (issue.path.length === 0)
    return [{ words: 'is no job file; begin with {"name": "…", "steps": [{"action": "suspend-user"}]}' }];
  return [{ words: `${at}${plain(issue)}` }];
}

/** The library's words, where ours are plainer. */
function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return 'is empty; give at least one, or leave it out';
  const value = quote(issue.input);
  if (issue.code === 'invalid_type') return `${value} is of the wrong kind; give ${issue.expected}`;
  if (issue.code === 'invalid_union') return `${value} can't stand here; the job's schema says what can`;
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    return `${value} is not known${didYouMean(textOf(issue.input), words) || `; give one of ${words.join(', ')}`}`;
  }
  return issue.message;
}

/** `input.where[1].column` */
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
