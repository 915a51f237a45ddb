// A manifest that a command writes is read back to the same rows, in every format and whatever its values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestRow } from '../../../src/actions/action.ts';
import { manifestTable } from '../../../src/manifest/manifest-table.ts';
import { openManifests } from '../../../src/manifest/manifest-set.ts';
import { fieldParsers } from '../../../src/manifest/rows/field-parsers.ts';
import { readIsoDate } from '../../../src/manifest/rows/iso-dates.ts';
import { FieldError } from '../../../src/manifest/rows/row.ts';
import { columnsFor, validate } from '../../../src/manifest/rows/validate.ts';
import { actionNames, type FieldName, fieldNames } from '../../../src/model.ts';
import { writeTable } from '../../../src/storage/tables/write-table.ts';
import { desk, path } from '../../support/scenario.ts';
import { world } from '../../support/context.ts';

const formats = ['ndjson', 'json', 'csv', 'xlsx'];
const context = world({ tmpdir: desk });

/** Values that spreadsheets and separators damage most. */
const awkward = [
  '00417',
  '-1',
  '=x',
  '=1+1',
  '+1',
  '@SUM(A1)',
  "'=x",
  "'x",
  '123456789012345678901234',
  'a;b',
  '["a"]',
  '[a]',
  '"quoted", and more',
  'true',
  'sep=;',
  '<b>&amp;</b>',
  '_x0041_',
  '2026-01-02',
  'é\u0301',
];
const word = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }));
const lines = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .chain((words) => fc.constantFrom('\n', '\r\n', '\r', '\t').map((gap) => words.join(gap)));
const resource = fc.constantFrom('ari:cloud:jira::site/1', 'ari:cloud:confluence::site/2/a~b');
const role = fc.constantFrom('atlassian/user', 'atlassian/admin');
const instant = fc.date({ min: new Date('1901-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

const values: Readonly<Record<FieldName, fc.Arbitrary<unknown>>> = {
  accountId: fc.oneof(fc.constantFrom('123456789012345678901234', '-1', '00417'), fc.stringMatching(/^[\w|:-]{1,24}$/)),
  email: fc.emailAddress(),
  groupId: fc.uuid(),
  groupName: word,
  role,
  resource,
  roles: fc.array(fc.record({ role, resource }), { minLength: 1, maxLength: 3 }),
  description: lines,
  force: fc.boolean(),
  sendNotification: fc.boolean(),
  notificationText: lines,
  groups: fc.array(word, { maxLength: 3 }),
  notBefore: instant.map((date) => date.toISOString()),
  onlyIfInactiveDays: fc.integer({ min: 1, max: 3650 }),
  products: fc.array(fc.constantFrom('confluence', 'jira-software'), { minLength: 1, maxLength: 2 }),
  message: lines,
  reference: word,
};

/** A column's values as its own parser gives them, so that only valid ones remain. */
const fieldOf = (name: FieldName) =>
  values[name]
    .map((value) => fieldParsers[name](typeof value === 'string' ? value.trim() : value, readIsoDate))
    .filter((value) => !(value instanceof FieldError) && value !== '');

const row: fc.Arbitrary<ManifestRow> = fc
  .constantFrom(...actionNames)
  .chain((action) => {
    const fields = Object.fromEntries(columnsFor(action).map((name) => [name, fieldOf(name)]));
    return fc.record(fields, { requiredKeys: [] }).map((given): ManifestRow => ({ action, ...given }));
  })
  .filter(
    (each) =>
      'action' in
      validate(
        ['action', ...fieldNames].map((name) => each[name as FieldName]),
        rules,
      ),
  );
const rules = { readDate: readIsoDate, lenient: false };

async function readBack(file: string): Promise<unknown[]> {
  const set = await openManifests([file], {}, context);
  try {
    const rows = (await Array.fromAsync(set.batches())).flat();
    return rows.map((each) =>
      each.kind === 'invalid' ? each.issues : { action: each.record.action, ...each.record.fields },
    );
  } finally {
    await set.close();
  }
}

async function roundTrip(rows: readonly ManifestRow[], format: string): Promise<unknown[]> {
  const file = path(`m.${format}`);
  await writeTable(file, manifestTable(rows), context);
  return readBack(file);
}

describe.each(formats)('a manifest as .%s', (format) => {
  it('is read back to the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        expect(await roundTrip(rows, format)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  it.each(awkward)('keeps %j as a reference, a group and an entry of a list', async (value) => {
    const rows: ManifestRow[] = [
      { action: 'create-group', groupName: value, description: `${value}\r\n${value}`, reference: value },
      { action: 'invite-user', email: 'jo@example.com', groups: [value] },
      { action: 'invite-user', email: 'jo@example.com', groups: [value, value] },
    ];
    expect(await roundTrip(rows, format)).toEqual(rows);
  });

  it('without rows is a manifest without rows', async () => {
    expect(await roundTrip([], format)).toEqual([]);
  });
});
