// formatOf: the format of a manifest, by its extension and its first bytes; refuses files of other types and names the type.
import { extname } from 'node:path';
import { InputError } from '../../errors.ts';
import { wrapperOf } from './json-wrapper.ts';

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

/** The format of a file from its path and its first bytes as text. Throws InputError for a file of another type. */
export function formatOf(path: string, head: string, option: Format | undefined): Format {
  const type = typeOf(head);
  if (type !== undefined && type !== 'workbook') throw new InputError(`${path}: is ${type}`);
  const format = option ?? byExtension[extname(path).toLowerCase()] ?? byContent(head);
  if (type === 'workbook' && format !== 'xlsx')
    throw new InputError(
      `${path}: is an Excel workbook, not ${format.toUpperCase()}; save it as .xlsx or as CSV UTF-8`,
    );
  if (type !== 'workbook' && format === 'xlsx' && head !== '')
    throw new InputError(
      `${path}: is not an Excel workbook; use the extension of its format (.csv, .json), or give --format`,
    );
  return format;
}

const asCsv = 'export the table as CSV UTF-8 or .xlsx';

/** First bytes of files of other types, each with its name and a remedy. */
const signatures: readonly (readonly [string, string])[] = [
  ['\u001f\u008b', 'compressed by gzip; unpack it (gunzip) and give the file in it'],
  ['%PDF-', `a PDF document; ${asCsv}`],
  ['7z\u00bc\u00af', 'a 7z archive; unpack it and give the file in it'],
  ['Rar!\u001a', 'a RAR archive; unpack it and give the file in it'],
  ['PAR1', `a Parquet file; ${asCsv}`],
];

const html = /^\s*<(?:!doctype html|html|head|body|table|meta|style)\b/i;

/** The type of a file by its first bytes: a workbook, another type as a phrase, or undefined for text. */
function typeOf(head: string): string | undefined {
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) return zipType(head);
  if (head.startsWith('\u00d0\u00cf\u0011\u00e0')) return compoundType(head);
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '');
  if (html.test(text))
    return `an HTML page, whatever its name says; open it in a spreadsheet and save it as .xlsx or CSV UTF-8`;
  if (/^\s*<\?xml/i.test(text)) return `an XML document; ${asCsv}`;
  return signatures.find(([signature]) => head.startsWith(signature))?.[1];
}

/** Office documents are zip archives, recognized by the names of their parts. */
function zipType(head: string): string {
  if (head.includes('mimetypeapplication/vnd.oasis.opendocument'))
    return 'an OpenDocument file (.ods); save it as .xlsx or as CSV UTF-8';
  // Too short to name a part; the workbook reader reports the error.
  if (head.length < 60) return 'workbook';
  if (/word\/|ppt\//.test(head) && !head.includes('xl/')) return `a document of Word or PowerPoint; ${asCsv}`;
  if (/xl\/|_rels\/|\[Content_Types\]\.xml|docProps\//.test(head)) return 'workbook';
  return 'a zip archive; unpack it and give the file in it';
}

/** The container of Excel 97 to 2003 and of encrypted workbooks. Its entry names are in UTF-16. */
function compoundType(head: string): string {
  if (head.includes(Array.from('EncryptedPackage').join('\u0000')))
    return 'an Excel workbook that is encrypted; open it, remove the password, and save it as .xlsx';
  return 'a workbook in the old Excel format (.xls); open it and save it as .xlsx or CSV UTF-8';
}

function byContent(head: string): Format {
  if (head.startsWith('PK\u0003\u0004')) return 'xlsx';
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) return 'csv';
  return isRow(text.split('\n', 1)[0] ?? '') ? 'ndjson' : 'json';
}

/** An object on one line that has no list of rows. */
function isRow(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && wrapperOf(value) === undefined;
  } catch {
    return false;
  }
}
