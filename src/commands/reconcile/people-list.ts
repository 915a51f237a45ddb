// readPeopleList: the people of a list, read like a manifest by a job's columns and conditions, without its steps.
import { domainToASCII } from 'node:url';
import type { Settings } from '../../config/settings.ts';
import type { JobFile, JobInput } from '../../manifest/job/schema.ts';
import type { ManifestSet } from '../../manifest/manifest-set.ts';
import type { ColumnName } from '../../manifest/rows/columns.ts';
import type { JobRecord, Person } from '../../model.ts';

/** `staff`: everybody on the list works here. `leavers`: everybody on the list has left. */
export type ListKind = 'staff' | 'leavers';

/** One person of a list: a line of a file, and every name that it gives. E-mails are lower case. */
export interface ListedPerson {
  readonly file: string;
  readonly line: number;
  readonly accountId?: string;
  readonly emails: readonly string[];
  readonly reference?: string;
}

/** The settings with a job that only reads people. Its action is never run; it only selects the columns. */
export function listSettings<T extends Settings>(settings: T, kind: ListKind): T {
  const { input = {}, path = '', ...job } = settings.job ?? {};
  const reading: JobFile = { ...job, path, input: peopleInput(input, kind), steps: [{ action: 'suspend-user' }] };
  return { ...settings, job: reading };
}

/** A member of staff may have no last day, or one to come, so a list of staff is read without dates. */
function peopleInput(input: JobInput, kind: ListKind): JobInput {
  const { constants: _, split, columns, ...others } = input;
  const names: readonly ColumnName[] = [
    'accountId',
    'email',
    'reference',
    ...(kind === 'leavers' ? ['notBefore' as const] : []),
  ];
  return {
    ...others,
    ...(columns === undefined ? {} : { columns: only(columns, names) }),
    ...(split === undefined ? {} : { split: only(split, names) }),
  };
}

function only<T extends object>(all: T, names: readonly (keyof T)[]): T {
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))) as T;
}

/** An address whose domain is written in ASCII, as `xn--bcher-kva.example`, is the same as one in other letters. Account ids stay as they are. */
export function comparable(name: string): string {
  const at = name.lastIndexOf('@') + 1;
  return at === 0 ? name : name.slice(0, at) + asciiDomain(name.slice(at));
}

/** A domain in ASCII; one that can't be written so stays as it is. */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain) || domain;
}

/** The people of a list, found by account id and by e-mail. */
export class PeopleList {
  readonly people: readonly ListedPerson[];
  /** Leavers whose last day is to come. */
  readonly notDue: number;
  readonly #byName = new Map<string, ListedPerson[]>();

  constructor(people: readonly ListedPerson[], notDue: number) {
    this.people = people;
    this.notDue = notDue;
    for (const person of people)
      for (const name of [person.accountId ?? [], person.emails].flat())
        this.#byName.set(comparable(name), [...(this.#byName.get(comparable(name)) ?? []), person]);
  }

  /** Everybody on the list who is named by this person's account id or e-mail. */
  find({ accountId, email = '' }: Pick<Person, 'accountId' | 'email'>): readonly ListedPerson[] {
    return [...new Set([...(this.#byName.get(accountId) ?? []), ...(this.#byName.get(comparable(email)) ?? [])])];
  }
}

/** Reads the rows of a checked set. Lines about one person (`input.person`) are already one row. */
export async function readPeopleList(set: ManifestSet, kind: ListKind): Promise<PeopleList> {
  const people: ListedPerson[] = [];
  let notDue = 0;
  for await (const batch of set.batches())
    for (const row of batch) {
      if (row.kind === 'invalid') continue;
      const { record } = row;
      const isDue = kind === 'staff' || !(Date.parse(record.fields.notBefore ?? '') > set.now);
      if (!isDue) notDue += 1;
      else addTo(people, record);
    }
  return new PeopleList(people, notDue);
}

/** A cell with several addresses produces several rows for one line; they are one person. */
function addTo(people: ListedPerson[], { file, line, fields }: JobRecord): void {
  const { accountId, email, reference } = fields;
  const emails = email === undefined ? [] : [email];
  const last = people.at(-1);
  if (last?.file === file && last.line === line) {
    people[people.length - 1] = { ...last, emails: [...new Set([...last.emails, ...emails])] };
    return;
  }
  people.push({
    file,
    line,
    emails,
    ...(accountId === undefined ? {} : { accountId }),
    ...(reference === undefined ? {} : { reference }),
  });
}
