// The formats of manifests and tables that commands write, and the extension that chooses each.
import { extname } from 'node:path';

/** Formats by the extension that chooses them, in the order of the manual. */
const byExtension = { '.ndjson': 'ndjson', '.json': 'json', '.csv': 'csv', '.xlsx': 'xlsx' } as const;

/** A format that every command writes and, for manifests, every command reads. */
export type OutputFormat = (typeof byExtension)[keyof typeof byExtension];

/** The extensions for messages and help, like `.ndjson, .json, .csv or .xlsx`. */
export const outputExtensions = Object.keys(byExtension)
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/** The format for a path's extension, ignoring case; undefined for an unknown one. */
export function outputFormat(path: string): OutputFormat | undefined {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(byExtension, extension) ? byExtension[extension as keyof typeof byExtension] : undefined;
}
