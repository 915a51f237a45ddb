// An organization and a list of its staff with 200 known differences of every class, and with people who look like one and are none.
import { person } from './organization.ts';
import { file } from './scenario.ts';

/** Ranges of people, from the first number up to the next range. */
const ranges = {
  /** Active, in the domain, and not on the list. */
  left: 0,
  /** The same, and organization admins. */
  admins: 90,
  /** Active, in another domain, and not on the list. */
  outside: 100,
  suspended: 130,
  deactivated: 150,
  /** Not on the list either, and no difference: they have no access, or are no people. */
  suspendedBefore: 155,
  deactivatedBefore: 165,
  neverInvited: 175,
  app: 185,
  customer: 195,
  /** In another domain, and on the list. */
  contractor: 205,
  /** Listed by account id, in capital letters, twice. */
  byId: 215,
  capitals: 225,
  twice: 235,
  staff: 245,
} as const;
type Kind = keyof typeof ranges;
const starts = Object.values(ranges);
/** The numbers of the people of a kind; `staff` are all others. */
const numbers = (kind: Kind, size = 0) => {
  const from = ranges[kind];
  const to = starts.find((start) => start > from) ?? size;
  return Array.from({ length: to - from }, (_, n) => from + n);
};
const withoutAccount = Array.from({ length: 45 }, (_, n) => `new${n}@example.com`);

const changes: Readonly<Partial<Record<Kind, object>>> = {
  admins: { orgAdmin: true },
  suspended: { status: 'suspended' },
  deactivated: { status: 'deactivated' },
  suspendedBefore: { status: 'suspended' },
  deactivatedBefore: { status: 'deactivated' },
  neverInvited: { status: 'not_invited' },
  app: { accountType: 'app' },
  customer: { accountType: 'customer' },
};
const elsewhere = (n: number) => `person${n}@partner.example`;

/** Makes the people of a state file what their numbers say. */
export function change({ people }: Record<string, unknown>): void {
  const all = people as object[];
  for (const [kind, what] of Object.entries(changes))
    for (const n of numbers(kind as Kind)) Object.assign(all[n] ?? {}, what);
  for (const n of [...numbers('outside'), ...numbers('contractor')])
    Object.assign(all[n] ?? {}, { email: elsewhere(n) });
}

/** A list of staff of an organization with this number of people. */
export function staffList(size: number): string {
  const byEmail = [...numbers('suspended'), ...numbers('deactivated'), ...numbers('twice'), ...numbers('twice')];
  const lines = [
    ...[...byEmail, ...numbers('staff', size)].map((n) => `,${person(n).email}`),
    ...numbers('contractor').map((n) => `,${elsewhere(n)}`),
    ...numbers('byId').map((n) => `${person(n).accountId},`),
    ...numbers('capitals').map((n) => `,${person(n).email.toUpperCase()}`),
    ...withoutAccount.map((email) => `,${email}`),
  ];
  return file('staff.csv', `accountId,email\n${lines.join('\n')}\n`);
}

/** The differences, by class, each in the order of the directory or of the list. */
export const differences = {
  left: [...numbers('left'), ...numbers('admins')].map((n) => person(n).accountId),
  outside: numbers('outside').map((n) => person(n).accountId),
  withoutAccount,
  suspended: [...numbers('suspended'), ...numbers('deactivated')].map((n) => person(n).accountId),
};

/** Those who left and are admins: named, not proposed. */
export const admins = numbers('admins').map((n) => person(n).accountId);
