// mutateJson: a JSON value with parts replaced, removed, repeated or renamed.
import type { Random } from '../simulate/random.ts';

/** Values that are likely to be wrong where they stand. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  '',
  ' ',
  '?',
  '? why',
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: [] } } },
  'suspend-user',
  'Email',
  'email',
  'profile.email',
  'a.0.b',
  '__proto__',
  'constructor',
  '\u202e',
  '\u0000',
  'x'.repeat(2000),
  '(',
  '(a+)+$',
  '(?=x)',
  '.*',
  '5%',
  '-1',
  '26h',
  '+30d',
  '-90d',
  '180/m',
  '2026-13-01',
  '9999-12-31',
  'Europe/Berlin',
  'Mars',
  'dd.MM.yy',
  'yyyy',
  "'",
  'dd/MM/yyyy',
  'utf-16le',
  'utf-99',
  'tab',
  ',,',
  '"',
  { header: 'Email', nth: 2 },
  { firstOf: ['a', 'b'] },
  { all: [] },
  { not: { column: 'Email', in: ['x'] } },
  { column: 'Email', in: [] },
  { column: 'Status', matches: '[' },
];

const names = [
  'email',
  'where',
  'columns',
  'in',
  'nth',
  'steps',
  'action',
  '__proto__',
  'toString',
  '',
  'x',
  'rows',
] as const;

type Holder = Record<string, unknown> | unknown[];

/** Every list and object in a value. */
function holders(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Holder, ...Object.values(value).flatMap(holders)];
}

/** One to three changes of a copy. */
export function mutateJson(value: unknown, random: Random): unknown {
  let changed = structuredClone(value);
  for (let left = random.int(1, 3); left > 0; left -= 1) changed = changeOnce(changed, random);
  return changed;
}

function changeOnce(value: unknown, random: Random): unknown {
  const found = holders(value);
  if (found.length === 0 || random.chance(0.02)) return structuredClone(random.pick(values));
  const holder = random.pick(found);
  if (Array.isArray(holder)) changeList(holder, random);
  else changeObject(holder, random);
  return value;
}

function changeList(list: unknown[], random: Random): void {
  const at = random.int(0, list.length);
  const kind = random.int(0, 2);
  if (kind === 0) list.splice(at, 1);
  else if (kind === 1) list.splice(at, 1, structuredClone(random.pick(values)));
  else list.splice(at, 0, structuredClone(list[at] ?? random.pick(values)));
}

function changeObject(holder: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(holder);
  const key = keys.length === 0 ? 'x' : random.pick(keys);
  const kind = random.int(0, 3);
  const put = (name: string, value: unknown) =>
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  if (kind === 0) delete holder[key];
  else if (kind === 1) put(random.pick(names), holder[key] ?? null);
  else put(key, structuredClone(random.pick(values)));
}
