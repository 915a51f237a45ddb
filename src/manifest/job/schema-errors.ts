// describeSchemaError: renders schema errors of a settings file with their lines. Loads the YAML library.
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean } from '../../text/suggest.ts';
import { quote, textOf } from '../../text/quote.ts';

/** A file that does not match its schema. */
export interface SchemaViolation {
  readonly path: string;
  readonly text: string;
  readonly shape: z.ZodType;
  /** The message for a file that is something else entirely. */
  readonly otherwise: string;
}

/** A line for each problem: `job.json:3: input: "wheer" is not known here; did you mean "where"?` */
export function describeSchemaError(issues: readonly z.core.$ZodIssue[], file: SchemaViolation): string {
  const lineOf = linesIn(file);
  return issues
    .flatMap((issue) => explain(issue, file).map(({ key, words }) => `${lineOf(issue.path, key)}: ${words}`))
    .join('\n');
}

/** A line for each problem that begins with its path, as in `steps[2].groupName: …`. */
export function placeProblems(problems: readonly string[], file: Pick<SchemaViolation, 'path' | 'text'>): string {
  const lineOf = linesIn(file);
  const keysOf = (problem: string) => [...(/^[\w$.[\]]+(?=: )/.exec(problem)?.[0] ?? '').matchAll(/\[(\d+)\]|[\w$]+/g)];
  return problems
    .map((problem) => {
      const keys = keysOf(problem).map(([key, index]) => (index === undefined ? key : Number(index) - 1));
      return `${lineOf(keys)}: ${problem}`;
    })
    .join('\n');
}

/** Returns a function from a path and a key to `file:line`: of the key, or of the nearest part of the file. */
function linesIn({ path: file, text }: Pick<SchemaViolation, 'path' | 'text'>) {
  const lineCounter = new LineCounter();
  // JSON is YAML too, so one parser finds the lines of both.
  const document = parseDocument(text, { lineCounter, merge: true });
  return (path: readonly PropertyKey[], key?: string) =>
    document.errors.length > 0 ? file : `${file}:${lineCounter.linePos(offsetOf(document, path, key)).line}`;
}

/** The offset of a key, else of the value at the path, else of the nearest part above it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[], key: string | undefined): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(node) ? node.items.find((item) => String(item.key) === key) : undefined;
  const found = isNode(pair?.key) ? pair.key : node;
  if (found === undefined && path.length > 0) return offsetOf(document, path.slice(0, -1), undefined);
  return isNode(found) ? (found.range?.[0] ?? 0) : 0;
}

/** A message, with the key that it is about. */
interface Explained {
  readonly key?: string;
  readonly words: string;
}

function explain(issue: z.core.$ZodIssue, { shape, otherwise }: SchemaViolation): Explained[] {
  const at = issue.path.length === 0 ? '' : `${pathOf(issue.path)}: `;
  if (issue.code === 'unrecognized_keys') {
    const knownKeys = keysAt(issue.path, shape);
    return issue.keys.map((key) => ({
      key,
      words: `${at}${quote(key)} is not a known key${didYouMean(key, knownKeys) || `; the known keys are ${knownKeys.join(', ')}`}`,
    }));
  }
  if (issue.path.length === 0) return [{ words: otherwise }];
  return [{ words: `${at}${plain(issue)}` }];
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list in [ ]',
  object: 'settings in { }',
  record: 'settings in { }',
  string: 'text in quotes',
  number: 'a number without quotes',
  int: 'a whole number without quotes',
  boolean: 'true or false',
};

/** Our message for an issue of the library. */
function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && (issue.origin === 'number' || issue.origin === 'int'))
    return `${quote(issue.input)} is too small; give ${issue.minimum} or more`;
  if (issue.code === 'too_small') return 'is empty; give at least one, or leave it out';
  if (issue.input === undefined) return 'is missing';
  const value = quote(issue.input);
  if (issue.code === 'invalid_type')
    return `${value} has the wrong type; give ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return `${value} is not allowed here`;
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
function keysAt(path: readonly PropertyKey[], shape: z.ZodType): string[] {
  const found = path.reduce<Schema | undefined>(
    (schema, part) => (typeof part === 'number' ? schema?.items : schema?.properties?.[String(part)]),
    z.toJSONSchema(shape, { target: 'draft-07' }) as Schema,
  );
  return Object.keys(found?.properties ?? {});
}
