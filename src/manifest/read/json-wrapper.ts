// wrapperOf: finds the key of the list of rows in a JSON document of a known API.

/** Keys of the list of rows in other systems: Workday, Microsoft Graph, JumpCloud, SCIM, BambooHR, Personio, Paychex, OData, others. */
export const wrappers = [
  'rows',
  'Report_Entry',
  'value',
  'results',
  'Resources',
  'employees',
  'data',
  'content',
  'd.results',
  'items',
  'users',
];

/** The value at a dotted name: the key with exactly this name, otherwise nested keys. Indexes of lists count from 0. */
export function valueAt(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return (value as Readonly<Record<string, unknown>>)[name];
  const dot = name.indexOf('.');
  if (dot === -1 || !Object.hasOwn(value, name.slice(0, dot))) return undefined;
  return valueAt((value as Readonly<Record<string, unknown>>)[name.slice(0, dot)], name.slice(dot + 1));
}

/** The known key under which a document has a list, if any. */
export function wrapperOf(document: unknown): string | undefined {
  return wrappers.find((name) => Array.isArray(valueAt(document, name)));
}

/** A key that links to a next page, so the document is only one page. */
export function nextPageOf(document: object): string | undefined {
  return Object.entries(document).find(
    ([key, value]) =>
      /^(?:@odata\.)?(?:next_?(?:link|page|cursor|pagetoken|url)|__next|next)$/i.test(key) && isLink(value),
  )?.[0];
}

function isLink(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
