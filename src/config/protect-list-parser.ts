// The parser of protect lists: reads one line as people write it, with comments, quotes, display names, remarks, several entries, or as CSV.
import { foldHeader } from '../manifest/rows/columns.ts';
import { fieldParsers } from '../manifest/rows/field-parsers.ts';
import { FieldError } from '../manifest/rows/row.ts';
import { quote } from '../text/quote.ts';
import { listInvisible } from '../text/sanitize.ts';
import { foldName, isUuid } from '../model.ts';

/** The entries of one line, folded: `ceo@example.com`, `*@board.example.com`, `group:execs`, an id, or the name of a group. */
export interface Entries {
  readonly entries: readonly string[];
  /** Texts beside a person, as in `ceo@example.com,CEO`. A group with that name is protected too, but need not exist. */
  readonly remarks: readonly string[];
}

/** A line with one of these words as its only cell is a header. */
const headers = new Set([
  'email',
  'mail',
  'emailaddress',
  'accountid',
  'userid',
  'atlassianid',
  'groupid',
  'groupname',
]);
/** Headers that count only beside other columns, because groups may have these names. */
const looseHeaders = new Set([...headers, 'group', 'user', 'account', 'person', 'entry', 'protect']);

/** Columns of a table that hold entries, and what separates its columns; undefined when the line is not a header. */
export interface Table {
  readonly separator: string;
  readonly columns: readonly number[];
}

/** Separators between the entries of a line. */
const separators = [',', ';', '\t'];

/** The separator and the entry columns of a list, from its first line; undefined when it is not a header. */
export function tableOf(line: string): Table | undefined {
  const separator = separators.find((each) => line.includes(each)) ?? ',';
  const cells = split(withoutComment(line), [separator]).map(({ text }) => unquoted(text));
  if (cells.some((cell) => cell.includes('@'))) return undefined;
  const headerWords = cells.length > 1 ? looseHeaders : headers;
  const columns = cells.flatMap((cell, at) => (headerWords.has(foldHeader(cell)) ? [at] : []));
  return columns.length === 0 ? undefined : { separator, columns };
}

/** The entries of one line or value; a FieldError when it is malformed. An empty result means an empty line or only a comment. */
export function readEntries(line: string, table?: Table): Entries | FieldError {
  const text = withoutComment(line).trim();
  if (text === '') return { entries: [], remarks: [] };
  if (isUnclosed(text)) return new FieldError(`${quote(text)} has a quote that is not closed`, 'quote not closed');
  const cells = (table === undefined ? split(text) : cellsIn(text, table)).flatMap(withSeveral);
  const read: { entry: string; after: string }[] = [];
  for (const { text: cell, after } of cells) {
    const entry = cell === '' ? '' : readEntry(cell);
    if (entry instanceof FieldError) return entry;
    if (entry !== '') read.push({ entry, after });
  }
  const [first] = read;
  if (first === undefined) return new FieldError(`${quote(line)} names nobody`, 'names nobody');
  const mayRemark = table === undefined && isPerson(first.entry);
  const isRemark = ({ entry, after }: (typeof read)[number]) => mayRemark && after !== ';' && !isPerson(entry);
  const { true: remarks = [], false: entries = [] } = Object.groupBy(read, (each) => `${isRemark(each)}`);
  return { entries: entries.map(({ entry }) => entry), remarks: remarks.map(({ entry }) => entry) };
}

interface Cell {
  readonly text: string;
  /** The separator before the cell; empty for the first. */
  readonly after: string;
}

/** Cells of a line; separators in quotes belong to the cell. */
function split(line: string, at: readonly string[] = separators): Cell[] {
  const cells: Cell[] = [];
  let [text, after, isQuoted] = ['', '', false];
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted;
    if (isQuoted || !at.includes(char)) {
      text += char;
      continue;
    }
    cells.push({ text: text.trim(), after });
    [text, after] = ['', char];
  }
  return [...cells, { text: text.trim(), after }];
}

/** The cells of the entry columns; a cell with several entries becomes several cells. */
function cellsIn(line: string, { separator, columns }: Table): Cell[] {
  const cells = split(line, [separator]);
  return columns.flatMap((at) => split(cells[at]?.text ?? ''));
}

/** Splits a quoted cell with several addresses. Other quoted cells may be the name of a group with a comma. */
function withSeveral(cell: Cell): Cell[] {
  const inner = unquoted(cell.text);
  const isSeveral = inner !== cell.text && (inner.match(/@/g)?.length ?? 0) > 1;
  return isSeveral ? split(inner).map(({ text }) => ({ ...cell, text })) : [cell];
}

/** A comment begins with # at the start or after white space, outside quotes. */
function withoutComment(line: string): string {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted;
    if (line[at] === '#' && !isQuoted && (at === 0 || /[\s,;]/.test(line[at - 1] ?? ''))) return line.slice(0, at);
  }
  return line;
}

function isUnclosed(line: string): boolean {
  return (line.match(/"/g)?.length ?? 0) % 2 === 1;
}

function unquoted(cell: string): string {
  const inner = /^(?:"(.*)"|'(.*)'|[“„](.*)[”“])$/s.exec(cell);
  return inner === null ? cell : (inner[1] ?? inner[2] ?? inner[3] ?? '').replaceAll('""', '"').trim();
}

/** One entry, folded, or why it is malformed. */
function readEntry(cell: string): string | FieldError {
  const text = addressIn(unquoted(cell));
  const hidden = listInvisible(text);
  if (hidden !== undefined)
    return new FieldError(`${quote(text)} contains ${hidden}; type it again`, 'hidden characters');
  if (text === '' || text.length > 255) return malformed(cell);
  if (/^group:/i.test(text)) return readMembers(text.slice('group:'.length), cell);
  if (text.includes('@')) return text.includes('*') ? readPattern(text) : readAddress(text, cell);
  if (text.includes('*') || /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text)) return malformed(cell);
  return foldName(text);
}

/** The address of `Name <address>` and of `mailto:address`; any other text as it is. */
function addressIn(text: string): string {
  const [, name = '', inner] = /^([^<>]*)<([^<>]*)>$/.exec(text) ?? [];
  const isOne = inner !== undefined && (!name.includes('@') || foldName(unquoted(name.trim())) === foldName(inner));
  return (isOne ? inner : text).trim().replace(/^mailto:([^?]*).*$/i, '$1');
}

function readMembers(name: string, cell: string): string | FieldError {
  const folded = foldName(unquoted(name.trim()));
  return folded === '' || folded.includes('*') ? malformed(cell) : `group:${folded}`;
}

function readAddress(text: string, cell: string): string | FieldError {
  const read = fieldParsers.email(text, String);
  return read instanceof FieldError ? malformed(cell) : read;
}

/** `*` matches any characters before the @. The domain must be complete, because the directory is searched for it. */
function readPattern(text: string): string | FieldError {
  const read = fieldParsers.email(text.replaceAll('*', 'x'), String);
  if (!(read instanceof FieldError) && !text.slice(text.lastIndexOf('@')).includes('*')) return foldName(text);
  return new FieldError(`${quote(text)} is not a pattern; give one like *@board.example.com`, 'not a pattern');
}

function malformed(cell: string): FieldError {
  const message = `${quote(cell)} is not an entry; give an account id, an e-mail, a group, *@board.example.com, or group:execs for its members`;
  return new FieldError(message, 'not an entry');
}

/** Whether the entry names a person or several, so that the words beside it are remarks. */
function isPerson(entry: string): boolean {
  const kind = kindOf(entry);
  return kind === 'email' || kind === 'pattern' || kind === 'members' || kind === 'id';
}

/** The kind of a folded entry. An id may belong to a person or a group. */
export function kindOf(entry: string): 'members' | 'pattern' | 'email' | 'id' | 'name' {
  if (entry.startsWith('group:')) return 'members';
  if (entry.includes('@')) return entry.includes('*') ? 'pattern' : 'email';
  return isId(entry) ? 'id' : 'name';
}

/** Recognizes the known forms of ids; account ids with a prefix (`712020:<uuid>`) have a colon. */
function isId(entry: string): boolean {
  return isUuid(entry) || /^[0-9a-f]{24}$/.test(entry) || /^[a-z0-9_|-]+:[a-z0-9_|:-]{1,127}$/.test(entry);
}
