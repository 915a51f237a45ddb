// openSurvey: compares responses with the published specification, without private data.
import type { Facts, Schema } from './extract.ts';
import type { SafeWords } from './safe-words.ts';
import { flatten, openValidator, type SeenAnswer, type SeenRequest } from './validator.ts';

export interface AnswerSurvey {
  /** `METHOD path template`. */
  readonly operation: string;
  readonly status: number;
  /** The code of a refusal, if it has the form of one. */
  readonly code?: string;
  /** Fields by their paths, with the forms of their values. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields that the specification does not have. */
  readonly added: readonly string[];
  /** Fields of the specification that no entry has. */
  readonly missing: readonly string[];
  /** Other deviations. */
  readonly problems: readonly string[];
}

type SeenTarget = Pick<SeenRequest, 'method' | 'path'>;

/** Surveys answers of one document's operations. */
export function openSurvey(facts: Facts, words: SafeWords) {
  const validator = openValidator(facts);
  const operationOf = (request: SeenTarget) => validator.operation(request) ?? 'not in the document';
  const survey = (request: SeenTarget, answer: SeenAnswer): AnswerSurvey => {
    const operation = operationOf(request);
    const schema = facts.operations[operation]?.answers[String(answer.status)] ?? undefined;
    const fields = new Map<string, Set<string>>();
    note(answer.body, { path: 'body', fields, words });
    const added = schema === undefined ? [] : fieldsBeyond(schema, answer.body, { path: 'body', facts, words });
    const problems = validator.answer(request, answer).filter((line) => !line.endsWith(': not in the document'));
    const code = codeIn(answer.body);
    return {
      operation,
      status: answer.status,
      ...(code === undefined ? {} : { code }),
      fields: Object.fromEntries([...fields].map(([path, forms]) => [path, [...forms].toSorted()])),
      added: [...new Set(added)],
      missing: schema === undefined ? [] : fieldsWithout(schema, { path: 'body', seen: new Set(fields.keys()), facts }),
      problems: [...new Set(problems.map((line) => inWords(line, words)))],
    };
  };
  return { operationOf, survey };
}

interface FieldsToRecord {
  readonly path: string;
  readonly fields: Map<string, Set<string>>;
  readonly words: SafeWords;
}

/** Records each field of a value; entries of a list share one path. */
function note(value: unknown, { path, fields, words }: FieldsToRecord): void {
  const forms = fields.get(path) ?? new Set<string>();
  fields.set(path, forms);
  if (Array.isArray(value)) {
    forms.add(value.length === 0 ? 'empty list' : 'list');
    for (const each of value) note(each, { path: `${path}/*`, fields, words });
  } else if (typeof value === 'object' && value !== null) {
    forms.add('object');
    for (const [name, each] of Object.entries(value))
      note(each, { path: `${path}/${words.field(name)}`, fields, words });
  } else forms.add(value === undefined ? 'nothing' : words.value(value));
}

interface Known {
  readonly path: string;
  readonly facts: Facts;
  readonly words: SafeWords;
}

/** The schemas of a value's items and properties. */
function partsOf(schema: Schema, facts: Facts): { items: Schema | undefined; properties: Record<string, Schema> } {
  const parts = flatten(schema, facts);
  const items = parts.map((part) => part['items']).find((each) => each !== undefined) as Schema | undefined;
  const properties = Object.assign({}, ...parts.map((part) => part['properties'] ?? {})) as Record<string, Schema>;
  return { items, properties };
}

function fieldsBeyond(schema: Schema, value: unknown, known: Known): string[] {
  const { path, words } = known;
  const { items, properties } = partsOf(schema, known.facts);
  if (Array.isArray(value))
    return items === undefined
      ? []
      : value.flatMap((each) => fieldsBeyond(items, each, { ...known, path: `${path}/*` }));
  if (typeof value !== 'object' || value === null || Object.keys(properties).length === 0) return [];
  return Object.entries(value).flatMap(([name, each]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const at = `${path}/${words.field(name)}`;
    return inner === undefined ? [at] : fieldsBeyond(inner, each, { ...known, path: at });
  });
}

interface FieldsToFind {
  readonly path: string;
  readonly seen: ReadonlySet<string>;
  readonly facts: Facts;
}

/** Published fields below an observed path that were not observed. */
function fieldsWithout(schema: Schema, { path, seen, facts }: FieldsToFind): string[] {
  const { items, properties } = partsOf(schema, facts);
  if (items !== undefined) {
    const at = `${path}/*`;
    return seen.has(at) ? fieldsWithout(items, { path: at, seen, facts }) : [];
  }
  return Object.entries(properties).flatMap(([name, inner]) => {
    const at = `${path}/${name}`;
    return seen.has(at) ? fieldsWithout(inner, { path: at, seen, facts }) : [at];
  });
}

/** A message of the validator, without the names of unexpected fields. */
function inWords(line: string, words: SafeWords): string {
  const [, path = '', problem = ''] = /^([^:]*)(.*)$/s.exec(line) ?? [];
  return path
    .split('/')
    .map((part, at) => (at === 0 ? part : /^\d+$/.test(part) ? '*' : words.field(part)))
    .join('/')
    .concat(problem);
}

function codeIn(body: unknown): string | undefined {
  const { errors, code } = (typeof body === 'object' && body !== null ? body : {}) as {
    errors?: unknown;
    code?: unknown;
  };
  const first = Array.isArray(errors) ? (errors[0] as { code?: unknown } | undefined)?.code : code;
  return typeof first === 'string' && /^ADMIN(-UAM)?-\d{3}-\d{1,3}$/.test(first) ? first : undefined;
}
