// SafeWords: what may be written about a response: words of the published documents, and forms of values. Never the values themselves.
import type { Facts } from './extract.ts';

/** The words of the published documents. */
export interface SafeWords {
  /** A field's name if it consists of published words, else its length. */
  field(name: string): string;
  /** A value that the documents name, else its form. */
  value(value: unknown): string;
}

/** Opens the words of all stored documents. */
export function openSafeWords(documents: readonly Facts[]): SafeWords {
  const words = new Set<string>();
  const values = new Set<string>();
  for (const document of documents) collect(document, { words, values });
  return {
    field: (name) =>
      name.length <= 60 && wordsOf(name).every((word) => words.has(word))
        ? name
        : `(a name of ${name.length} characters)`,
    value: (value) => (typeof value === 'string' && values.has(value) ? value : formOf(value)),
  };
}

interface CollectedWords {
  readonly words: Set<string>;
  readonly values: Set<string>;
}

/** Names of properties become words, members of enumerations become values. */
function collect(part: unknown, collected: CollectedWords): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, value] of Object.entries(part)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) addWords(name, collected);
    if (key === 'enum' && Array.isArray(value))
      for (const each of value) if (typeof each === 'string') collected.values.add(each);
    collect(value, collected);
  }
}

function addWords(name: string, { words }: CollectedWords): void {
  for (const word of wordsOf(name)) words.add(word);
}

/** `last`, `active` of `lastActive` and of `last_active`. Every other character is a separate word. */
function wordsOf(name: string): string[] {
  const parts = name.split(/[_-]|(?<=[a-z])(?=[A-Z])/).map((part) => part.toLowerCase());
  return parts.length === 0 ? [''] : parts;
}

const forms: readonly (readonly [RegExp, string])[] = [
  [/^ari:cloud:/, 'ARI'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'uuid'],
  [/^[^@\s]+@[^@\s]+$/, 'e-mail'],
  [/^\d{4}-\d\d-\d\d$/, 'date'],
  [/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/, 'date-time'],
  [/^https?:\/\//, 'address'],
  [/^$/, 'empty text'],
];

function formOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return forms.find(([pattern]) => pattern.test(value))?.[1] ?? 'text';
}
