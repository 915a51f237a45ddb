// What holds for every manifest: rows keep their order and their keys in every format, a row that is there twice runs once, a run goes on from anywhere.
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeaversError } from '../../../src/errors.ts';
import { leaversAt } from '../../support/in-process.ts';
import { group, person, serveCompany } from '../../support/organization.ts';
import { rowsOf } from '../../support/scenario.ts';
import { Scene } from '../../torture/scene.ts';
import { file } from '../../support/desk.ts';
import { read } from '../../support/reading.ts';

type Row = Readonly<Record<string, string>>;

const subject = fc.nat(7).map((n) => ({ email: person(n).email }));
const row: fc.Arbitrary<Row> = fc.oneof(
  subject.map((who) => ({ action: 'suspend-user', ...who })),
  fc
    .tuple(subject, fc.nat(2))
    .map(([who, n]) => ({ action: 'add-user-to-group', ...who, groupName: group(n).groupName })),
  subject.map((who) => ({ action: 'get-last-active', ...who })),
);
const manifest = fc.array(row, { minLength: 1, maxLength: 12 });

const columns = ['action', 'email', 'groupName'] as const;
const formats: readonly (readonly [string, (rows: readonly Row[]) => string])[] = [
  ['m.ndjson', (rows) => rows.map((each) => `${JSON.stringify(each)}\n`).join('')],
  ['m.json', (rows) => JSON.stringify(rows)],
  [
    'm.csv',
    (rows) => [columns.join(), ...rows.map((each) => columns.map((name) => each[name] ?? '').join())].join('\n'),
  ],
];

/** Kind and key of each row, as it is read in a format. */
async function readAs([name, write]: (typeof formats)[number], rows: readonly Row[]) {
  const result = await read(file(name, write(rows)));
  if (result instanceof LeaversError) throw result;
  return result.map((each) => (each.kind === 'invalid' ? 'invalid' : `${each.kind} ${each.record.key}`));
}
const [ndjsonFormat = ['', () => '']] = formats;

describe('a manifest, whatever its rows,', () => {
  it('is the same rows with the same keys in the same order in every format', async () => {
    await fc.assert(
      fc.asyncProperty(manifest, async (rows) => {
        const [first, ...others] = await Promise.all(formats.map((format) => readAs(format, rows)));
        expect(first).toHaveLength(rows.length);
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  it('runs a row that is there many times once, and calls the others duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(manifest, async (rows) => {
        const kinds = await readAs(ndjsonFormat, rows);
        const different = new Set(rows.map((each) => JSON.stringify(each))).size;
        expect(kinds.filter((kind) => kind.startsWith('record'))).toHaveLength(different);
        expect(kinds.filter((kind) => kind.startsWith('duplicate'))).toHaveLength(rows.length - different);
        expect(new Set(kinds).size).toBe(rows.length);
      }),
      { numRuns: 60 },
    );
  });

  it('has the same keys in any order', async () => {
    const shuffled = manifest.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([rows, other]) => {
        expect((await readAs(ndjsonFormat, other)).toSorted()).toEqual((await readAs(ndjsonFormat, rows)).toSorted());
      }),
      { numRuns: 60 },
    );
  });
});

describe('a run, from any prefix of its report,', () => {
  it('goes on to the end, and nothing is carried out twice', async () => {
    using scene = new Scene();
    await using company = await serveCompany({ people: 8 });
    const [path, report] = [scene.manifest(8), scene.path('r.ndjson')];
    const args = ['run', path, '--report', report, '--yes', '--resume', '--quiet'];
    const run = () => leaversAt(Date.now(), args, { env: company.env, cwd: '/' });
    await run();
    const whole = readFileSync(report);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (size) => {
        writeFileSync(report, whole.subarray(0, size));
        expect((await run()).code).toBe(0);
        const ends = rowsOf(report);
        expect(new Set(ends.map(({ email }) => email)).size).toBe(8);
        expect(ends.every(({ outcome }) => outcome === 'done' || outcome === 'already')).toBe(true);
        expect(company.changes()).toHaveLength(8);
      }),
      { numRuns: 40 },
    );
  });
});
