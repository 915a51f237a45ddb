// fieldParsers: one reader for each column, from a cell to its value or the reason why it is refused.
import { type FieldName, type Fields, isUuid, type RoleAssociation } from '../../model.ts';
import type { ReadDate } from './iso-dates.ts';
import { FieldError } from './row.ts';
import { quote } from '../../text/quote.ts';
import { findUnsafeCharacter } from './unsafe-characters.ts';

/** A cell's value: text, or what JSON and workbooks have. Never empty. */
export type FieldParser<T> = (value: unknown, readDate: ReadDate) => T | FieldError;

const spoilt = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i;
const accountId = /^[a-zA-Z0-9_|:-]{1,128}$/;
const groupAri = 'ari:cloud:identity::group/';
const address = /^[^\s@"(),:;<>[\]\\]{1,64}@[^\s@"(),:;<>[\]\\.]+(?:\.[^\s@"(),:;<>[\]\\.]+)+$/;
// The owner, an optional cloud id, a type and an id, as in ari:cloud:jira::site/<uuid>.
const ari =
  /^ari:cloud:[a-z][a-z0-9-]{0,40}:[A-Za-z0-9_-]{0,64}:[a-z][a-z-]{0,40}\/[A-Za-z0-9._~-]{1,128}(?:\/[A-Za-z0-9._~-]{1,128})*$/;
const controls = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]/u;
const controlsButBreaks = /(?![\n\r\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/u;

function text(value: unknown): string | FieldError {
  if (typeof value === 'string') return value;
  return new FieldError(`${quote(value)} is not text; put it in quotes`, 'not text');
}

/** Text on one line, of at most `most` characters. */
function line(max: number): FieldParser<string> {
  return (value) => {
    const read = text(value);
    if (read instanceof FieldError) return read;
    if (controls.test(read))
      return new FieldError(
        `${quote(read)} contains characters that can't be seen; type it again`,
        'hidden characters',
      );
    return read.length > max ? tooLong(read, max) : read;
  };
}

/** Text of several lines. */
function lines(max: number): FieldParser<string> {
  return (value) => {
    const read = text(value);
    if (read instanceof FieldError) return read;
    if (controlsButBreaks.test(read))
      return new FieldError(`${quote(read)} contains control characters; type it again`, 'hidden characters');
    return read.length > max ? tooLong(read, max) : read;
  };
}

function tooLong(value: string, max: number): FieldError {
  return new FieldError(`${quote(value)} has ${value.length} characters; ${max} are allowed`, 'too long');
}

function spoiltBySheet(value: string): FieldError | undefined {
  if (!spoilt.test(value)) return undefined;
  const message = `${quote(value)} was damaged by a spreadsheet, which read it as a number; export it again with the column as text`;
  return new FieldError(message, 'damaged by a spreadsheet');
}

const readAccountId: FieldParser<string> = (value) => {
  const read = text(value);
  if (read instanceof FieldError) return read;
  const found = spoiltBySheet(read);
  if (found !== undefined) return found;
  if (accountId.test(read)) return read;
  const message = `${quote(read)} is not an account id; give 1 to 128 letters, digits, "_", "|", ":" or "-"`;
  return new FieldError(message, 'not an account id');
};

const readEmail: FieldParser<string> = (value) => {
  const read = text(value);
  if (read instanceof FieldError) return read;
  const unsafe = findUnsafeCharacter(read, 'address');
  if (unsafe !== undefined) return unsafeValue(read, unsafe);
  if (read.startsWith("'")) return unsafeValue(read, 'a leading apostrophe, which spreadsheets add to text');
  const email = read.normalize('NFC').toLowerCase();
  if (email.length <= 254 && address.test(email) && !controls.test(email)) return email;
  return new FieldError(`${quote(read)} is not an address; give one like jo@example.com`, 'not an address');
};

/** The name of a group beside its id. */
export const anyName: FieldParser<string> = line(255);

/** The name of a group. It must not look like another name, so unsafe characters are refused. */
const readName: FieldParser<string> = (value, readDate) => {
  const unsafe = typeof value === 'string' ? findUnsafeCharacter(value, 'name') : undefined;
  return unsafe === undefined ? anyName(value, readDate) : unsafeValue(String(value), unsafe);
};

function unsafeValue(value: string, unsafe: string): FieldError {
  return new FieldError(
    `${quote(value)} contains ${unsafe}; type it again, or give the id instead`,
    'unsafe characters',
  );
}

const readGroupId: FieldParser<string> = (value) => {
  const read = text(value);
  if (read instanceof FieldError) return read;
  const id = read.startsWith(groupAri) ? read.slice(groupAri.length) : read;
  if (isUuid(id)) return id;
  const found = spoiltBySheet(read);
  if (found !== undefined) return found;
  const message = `${quote(read)} is not a group id; give a UUID, or the group's name as groupName`;
  return new FieldError(message, 'not a group id');
};

const readResource: FieldParser<string> = (value) => {
  const read = text(value);
  if (read instanceof FieldError || ari.test(read)) return read;
  const message = `${quote(read)} is not a resource; give an ARI like ari:cloud:jira::site/1d8f3b52-… (a product's site)`;
  return new FieldError(message, 'not a resource');
};

const words: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

const readFlag: FieldParser<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  const read = Object.hasOwn(words, word) ? words[word] : undefined;
  return read ?? new FieldError(`${quote(value)} is neither true nor false`, 'neither true nor false');
};

const maxDays = 3650;

const readDays: FieldParser<number> = (value) => {
  const days = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,5}$/.test(value) ? +value : NaN;
  if (Number.isInteger(days) && days >= 1 && days <= maxDays) return days;
  return new FieldError(`${quote(value)} is not a number of days; give 1 to ${maxDays}`, 'not a number of days');
};

const readReference: FieldParser<string> = (value) => {
  const read = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof read === 'string' ? (spoiltBySheet(read) ?? line(255)(read, never)) : text(read);
};

/** For columns without dates. */
const never: ReadDate = String;

/** The items of a cell with a JSON array, as our own CSV and XLSX write a list whose items contain `;`. */
function jsonList(cell: string): readonly unknown[] | undefined {
  if (!cell.startsWith('[')) return undefined;
  try {
    const read: unknown = JSON.parse(cell);
    return Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** A list: an array (in a cell as JSON), or text separated by `;`. Each item is read by `item`; an empty one is refused. */
function list<T>(item: FieldParser<T>, max: number): FieldParser<readonly T[]> {
  return (value, readDate) => {
    const items: readonly unknown[] = Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? (jsonList(value) ?? value.split(';'))
        : [value];
    if (items.length > max)
      return new FieldError(`has ${items.length} entries; ${max} are allowed`, 'too many entries');
    const read: T[] = [];
    for (const each of items) {
      const cell = typeof each === 'string' ? each.trim() : each;
      if (cell === '' || cell === null) return new FieldError(`${quote(value)} has an empty entry`, 'empty entry');
      const got = item(cell, readDate);
      if (got instanceof FieldError) return got;
      read.push(got);
    }
    return read;
  };
}

const readProduct: FieldParser<string> = (value) => {
  const read = typeof value === 'string' ? value.toLowerCase() : '';
  if (/^[a-z][a-z0-9-]{0,63}$/.test(read)) return read;
  return new FieldError(
    `${quote(value)} is not a product; give a key like confluence or jira-software`,
    'not a product',
  );
};

const readAssociation: FieldParser<RoleAssociation> = (value, readDate) => {
  const [role, resource, ...rest] =
    typeof value === 'string' ? value.split('@') : association(value as Readonly<Record<string, unknown>>);
  if (typeof role !== 'string' || typeof resource !== 'string' || rest.length > 0) {
    const message = `${quote(value)} is not a role on a resource; give role@resource (several separated by ";"), in JSON [{"role": …, "resource": …}]`;
    return new FieldError(message, 'not a role on a resource');
  }
  const read = readResource(resource.trim(), readDate);
  return read instanceof FieldError ? read : { role: role.trim(), resource: read };
};

function association(value: Readonly<Record<string, unknown>>): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const { role, resource, ...rest } = value;
  return [role, resource, ...Object.keys(rest)];
}

/** The readers of all columns beside `action`. Roles are compared with the action's list by validate.ts. */
export const fieldParsers: { readonly [K in FieldName]-?: FieldParser<NonNullable<Fields[K]>> } = {
  accountId: readAccountId,
  email: readEmail,
  groupId: readGroupId,
  groupName: readName,
  role: line(100),
  resource: readResource,
  roles: list(readAssociation, 100),
  description: lines(5000),
  force: readFlag,
  sendNotification: readFlag,
  notificationText: lines(5000),
  groups: list(readName, 100),
  notBefore: (value, readDate) => {
    const read = value instanceof Date ? value : text(value);
    return read instanceof FieldError ? read : readDate(read);
  },
  onlyIfInactiveDays: readDays,
  products: list(readProduct, 50),
  message: lines(5000),
  reference: readReference,
};
