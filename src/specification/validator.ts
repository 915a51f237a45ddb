// Validates requests and responses against the published facts with a JSON Schema validator.
import { Ajv, type ValidateFunction } from 'ajv';
import { type Facts, type Operation, referenceOf, type Schema } from './extract.ts';

export interface SeenRequest {
  readonly method: string;
  /** From `/v1`, `/v2` or `/users` on, as sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

export interface SeenAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when the body was empty. */
  readonly body: unknown;
}

export interface Validator {
  /** The operation that serves a request, as `METHOD path template`; undefined when the document has none. */
  operation(request: Pick<SeenRequest, 'method' | 'path'>): string | undefined;
  /** The problems of a request; empty when valid. */
  request(request: SeenRequest): string[];
  /** The problems of a response: its status, its body, and undocumented fields. */
  answer(request: Pick<SeenRequest, 'method' | 'path'>, answer: SeenAnswer): string[];
}

/** A validator of one document. Compiles each schema when it is first needed. */
export function openValidator(facts: Facts): Validator {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'facts', schemas: absolute(facts.schemas) });
  const compiled = new Map<string, ValidateFunction>();
  const routes = Object.keys(facts.operations).map((name) => ({ name, pattern: patternOf(name) }));
  const check = (schema: Schema, value: unknown, where: string): string[] => {
    const key = JSON.stringify(schema);
    const valid = compiled.get(key) ?? ajv.compile(absolute(schema) as Schema);
    compiled.set(key, valid);
    if (!valid(value)) return (valid.errors ?? []).map((e) => `${where}${e.instancePath}: ${e.message ?? ''}`);
    return undeclared({ schema, value, path: where, facts });
  };
  const operation: Validator['operation'] = ({ method, path }) =>
    routes.find(({ pattern }) => pattern.test(`${method} ${path}`))?.name;
  const found = (request: Pick<SeenRequest, 'method' | 'path'>): Operation | undefined =>
    facts.operations[operation(request) ?? ''];
  return {
    operation,
    request: (request) => {
      const published = found(request);
      if (published === undefined) return [`${request.method} ${request.path}: not in the document`];
      return [...queryProblems(published, request, check), ...bodyProblems(published, request.body, check)];
    },
    answer: (request, { status, body }) => {
      const published = found(request);
      if (published === undefined) return [`${request.method} ${request.path}: not in the document`];
      const schema = published.answers[String(status)];
      if (schema === undefined) return [`status ${status} is not published`];
      // The body of an error without a schema is unspecified.
      if (schema === null)
        return body === undefined || status >= 300 ? [] : [`status ${status} is published without a body`];
      return check(schema, body, 'body');
    },
  };
}

type Check = (schema: Schema, value: unknown, where: string) => string[];

function queryProblems({ parameters }: Operation, { query }: SeenRequest, check: Check): string[] {
  const queryParameters = parameters.filter((each) => each.in === 'query');
  const missing = queryParameters.filter(({ name, required }) => required && !(name in query));
  const unknownFields = Object.keys(query).filter((name) => !queryParameters.some((each) => each.name === name));
  return [
    ...missing.map(({ name }) => `query ${name}: missing`),
    ...unknownFields.map((name) => `query ${name}: not in the document`),
    ...queryParameters.flatMap(({ name, schema }) =>
      name in query ? check(schema, typed(schema, query[name]), `query ${name}`) : [],
    ),
  ];
}

/** A query value in the type that its schema asks for. */
function typed({ type }: Schema, value: unknown): unknown {
  if (type === 'integer' || type === 'number') return Number(value);
  if (type === 'array') return [value].flat();
  return type === 'boolean' ? value === 'true' : value;
}

function bodyProblems({ body }: Operation, value: unknown, check: Check): string[] {
  if (body === null) return value === undefined ? [] : ['body: published without one'];
  if (value === undefined) return body.required ? ['body: missing'] : [];
  return check(body.schema, value, 'body');
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\{[^}]+\}/g, '(?!(?:search|count|stats)$)[^/]+')}$`);
}

const jsonTypes = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

/** A schema that compiles alone: references are absolute, and mistakes of the published files (`nullable` without a type, a schema's name as type) are corrected. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, type, ...rest } = value as Schema;
  const isJson = typeof type === 'string' && jsonTypes.has(type);
  const kept = isJson
    ? { type, ...(nullable === undefined ? {} : { nullable }), ...rest }
    : isSchemaWord(type)
      ? rest
      : value;
  const entries = Object.entries(kept).map(([key, each]) => [
    key,
    key === '$ref' && typeof each === 'string' ? each.replace('#/', 'facts#/') : absolute(each),
  ]);
  const fragment = Object.fromEntries(entries) as Schema;
  return nullable === true && !isJson ? { anyOf: [fragment, { type: 'null' }] } : fragment;
}

/** False for a property that is called `type`, whose value is a schema. */
function isSchemaWord(type: unknown): boolean {
  return type === undefined || typeof type === 'string';
}

interface Place {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: string;
  readonly facts: Facts;
}

/** Fields that no schema names. Published schemas are open, so the validator alone accepts a misspelt field. */
function undeclared({ schema, value, path, facts }: Place): string[] {
  const parts = flatten(schema, facts);
  if (Array.isArray(value)) {
    const items = parts.map((part) => part['items']).find((each) => each !== undefined) as Schema | undefined;
    if (items === undefined) return [];
    return value.flatMap((each, at) => undeclared({ schema: items, value: each, path: `${path}/${at}`, facts }));
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = Object.assign({}, ...parts.map((part) => part['properties'] ?? {})) as Record<string, Schema>;
  const isOpen =
    parts.some((part) => part['additionalProperties'] !== undefined) || Object.keys(properties).length === 0;
  if (isOpen) return [];
  return Object.entries(value).flatMap(([name, each]) => {
    const inner = properties[name];
    if (inner === undefined) return [`${path}/${name}: not in the document`];
    return undeclared({ schema: inner, value: each, path: `${path}/${name}`, facts });
  });
}

/** A schema with its references and combinations flattened to a list. */
export function flatten(schema: Schema, facts: Facts): Schema[] {
  const name = /^#\/schemas\/(.+)$/.exec(referenceOf(schema))?.[1];
  if (name !== undefined) return flatten(facts.schemas[name] ?? {}, facts);
  const nested = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (schema[key] as Schema[] | undefined) ?? []);
  return [schema, ...nested.flatMap((each) => flatten(each, facts))];
}
