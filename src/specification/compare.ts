// compareFacts: the changes between two versions of the published facts, one line each.
import type { Facts } from './extract.ts';

/** Lines such as `POST /x: answers.200.properties.id.type: "string" -> "integer"`; empty when they are equal. */
export function compareFacts(stored: Facts, newer: Facts): string[] {
  const operations = union(stored.operations, newer.operations).flatMap((name) =>
    changes(stored.operations[name], newer.operations[name], []).map((line) => `${name}: ${line}`),
  );
  const schemas = union(stored.schemas, newer.schemas).flatMap((name) =>
    changes(stored.schemas[name], newer.schemas[name], []).map((line) => `schema ${name}: ${line}`),
  );
  return [...operations, ...schemas];
}

function changes(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const at = path.length === 0 ? '' : `${path.join('.')}: `;
  if (before === undefined) return [`${at}new: ${shown(after)}`];
  if (after === undefined) return [`${at}gone, was ${shown(before)}`];
  if (!isObject(before) || !isObject(after)) return [`${at}${shown(before)} -> ${shown(after)}`];
  return union(before, after).flatMap((key) => changes(before[key], after[key], [...path, key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function union(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
