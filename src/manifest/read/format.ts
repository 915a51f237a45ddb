// Which format a file has: by its extension, then by its first bytes.
import { extname } from 'node:path';
import { InputError } from '../../errors.ts';

/** The formats of manifests, as flags and job files name them. */
export const formats = ['csv', 'json', 'ndjson', 'xlsx'] as const;
export type Format = (typeof formats)[number];

const byExtension: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.xlsx': 'xlsx',
};

/** The format of a file from its path and its first bytes as text. Throws InputError for a workbook that calls itself something else. */
export function formatOf(path: string, head: string, given: Format | undefined): Format {
  const format = given ?? byExtension[extname(path).toLowerCase()] ?? byContent(head);
  const workbook = head.startsWith('PK\u0003\u0004') || head.startsWith('\u00d0\u00cf\u0011\u00e0');
  if (workbook && format !== 'xlsx')
    throw new InputError(
      `${path}: is an Excel workbook, not ${format.toUpperCase()}; save it as .xlsx or as CSV UTF-8`,
    );
  return format;
}

function byContent(head: string): Format {
  if (head.startsWith('PK\u0003\u0004')) return 'xlsx';
  const text = head.trimStart().replace(/^\ufeff/, '');
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) return 'csv';
  return isRow(text.split('\n', 1)[0] ?? '') ? 'ndjson' : 'json';
}

/** An object on one line that is no `{"rows": …}`. */
function isRow(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !('rows' in value);
  } catch {
    return false;
  }
}
