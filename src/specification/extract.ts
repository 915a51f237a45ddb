// Extracts facts from a published OpenAPI document: parameters, bodies, limits, statuses and answer schemas of some operations, without prose.
import { InputError } from '../errors.ts';

/** JSON of an OpenAPI 3.0 schema; references are `#/schemas/NAME`. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

/** One operation. A body or an answer that is null has no JSON content. */
export interface Operation {
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  readonly answers: Readonly<Record<string, Schema | null>>;
  /** The document marks it as experimental or deprecated. */
  readonly marks: readonly string[];
}

export interface Facts {
  /** By `METHOD path template`. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

type Json = Readonly<Record<string, unknown>>;

/** Keys that hold prose or examples. */
const prose = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'operationId',
]);
/** The keys below these are names chosen by the document, so one like `description` is kept. */
const named = new Set(['properties', 'schemas', 'patternProperties']);

/** Facts of these operations. Throws InputError when the document lacks one. */
export function extractFacts(document: unknown, operations: readonly string[]): Facts {
  const root = document as { paths?: Record<string, Json>; components?: Record<string, Record<string, Json>> };
  const found = operations.map((name) => [name, operationOf(root, name)] as const);
  const schemas: Record<string, Schema> = {};
  const collect = (value: unknown): void => {
    for (const name of referencesIn(value)) {
      if (name in schemas) continue;
      schemas[name] = cleaned(root.components?.['schemas']?.[name] ?? {}) as Schema;
      collect(schemas[name]);
    }
  };
  collect(found);
  return { operations: Object.fromEntries(found), schemas: sorted(schemas) };
}

function operationOf(root: Parameters<typeof resolve>[0] & { paths?: Record<string, Json> }, name: string): Operation {
  const [method = '', path = ''] = name.split(' ');
  const item = root.paths?.[path];
  const raw = item?.[method.toLowerCase()] as Json | undefined;
  if (raw === undefined) throw new InputError(`the document has no ${name}`);
  const parameters = [...list(item?.['parameters']), ...list(raw['parameters'])].map((each) => resolve(root, each));
  const body = raw['requestBody'] === undefined ? undefined : resolve(root, raw['requestBody'] as Json);
  const schema = body === undefined ? null : jsonSchema(body);
  const answers = Object.entries((raw['responses'] ?? {}) as Record<string, Json>);
  return {
    parameters: parameters.map((each) => ({
      name: String(each['name']),
      in: each['in'] as Parameter['in'],
      required: each['required'] === true,
      schema: cleaned(each['schema'] ?? {}) as Schema,
    })),
    body: schema === null ? null : { required: body?.['required'] === true, schema },
    answers: Object.fromEntries(answers.map(([status, answer]) => [status, jsonSchema(resolve(root, answer))])),
    marks: [
      ...(raw['deprecated'] === true ? ['deprecated'] : []),
      ...(raw['x-experimental'] === undefined ? [] : ['experimental']),
    ],
  };
}

function jsonSchema(part: Json): Schema | null {
  const content = part['content'] as Record<string, Json> | undefined;
  const schema = content?.['application/json']?.['schema'];
  return schema === undefined ? null : (cleaned(schema) as Schema);
}

function resolve(root: { components?: Record<string, Record<string, Json>> }, value: Json): Json {
  const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/(.+)$/.exec(referenceOf(value)) ?? [];
  return kind === '' ? value : (root.components?.[kind]?.[name] ?? {});
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** The value without prose and vendor extensions, keys sorted, references shortened. */
function cleaned(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((each) => cleaned(each));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key]) => areNames || !(prose.has(key) || key.startsWith('x-')))
    .map(([key, each]) => [
      key,
      key === '$ref' ? String(each).replace('#/components/', '#/') : cleaned(each, named.has(key) && !areNames),
    ]);
  return sorted(Object.fromEntries(kept) as Record<string, unknown>);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = /^#\/schemas\/(.+)$/.exec(referenceOf(value))?.[1];
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(referencesIn)];
}

/** The `$ref` of a part of a document; empty when the part is no reference. */
export function referenceOf(part: object): string {
  const { $ref } = part as Json;
  return typeof $ref === 'string' ? $ref : '';
}
