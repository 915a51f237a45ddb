// Files that commands write: the extension chooses the format, and every manifest is one that `plan` reads.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaversAt } from '../support/in-process.ts';
import { person, serveCompany } from '../support/organization.ts';
import { writeReport } from '../support/report-fixture.ts';
import { desk, manifest, path } from '../support/scenario.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const company = await serveCompany({ people: 4 });
afterAll(() => company[Symbol.asyncDispose]());
const go = (...args: string[]) => leaversAt(now, args, { env: company.env, cwd: desk });

const list = manifest(3);
const due = path('due.csv');
writeFileSync(
  due,
  `action,email,reference\nget-last-active,${person(0).email},-1\nsuspend-user,${person(3).email},=00417\n`,
);
const [done, failed] = [path('done.ndjson'), path('failed.ndjson')];
beforeAll(async () => {
  await go('run', list, '--yes', '--report', done);
  const lost = { outcome: 'failed', status: 403 } as const;
  writeReport(failed, [{ ...lost, ...person(3), reference: '=00417' }]);
});

/** Commands that write a manifest; the file follows. */
const manifests: readonly (readonly [string, readonly string[]])[] = [
  ['plan --out', ['plan', due, '--out']],
  ['undo --out', ['undo', done, '--out']],
  ['inactive --out', ['inactive', '--days', '30', '--out']],
  ['report --retry', ['report', failed, '--retry']],
];
const tables: readonly (readonly [string, readonly string[]])[] = [
  ['report --csv', ['report', failed, '--csv']],
  ['report --evidence', ['report', failed, '--evidence']],
];
const extensions = ['ndjson', 'json', 'csv', 'CSV', 'Json', 'xlsx'];

describe.each(manifests)('%s', (_, args) => {
  it.each(extensions)('writes a manifest as .%s that plan reads', async (extension) => {
    const out = path(`m.${extension}`);
    const { code, stderr } = await go(...args, out);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Next: leavers run ${out}`)]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const plan = await go('plan', out);
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining(`Next: leavers run ${out}`)]);
  });

  it('writes NDJSON to stdout', async () => {
    const { code, stdout } = await go(...args, '-');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\{"action":"[^\n]*\}\n/)]);
  });

  it('leaves a file that exists as it is', async () => {
    const before = readFileSync(list, 'utf8');
    const calls = company.sandbox.ledger.length;
    const { code } = await go(...args, list);
    expect([code, readFileSync(list, 'utf8'), company.sandbox.ledger.length]).toEqual([73, before, calls]);
  });
});

describe.each([...manifests, ...tables])('%s', (_, args) => {
  it.each(['out.txt', 'out', 'out.xls', '.csv', 'out.csv.gz'])('refuses %s before any call', async (name) => {
    const out = path(name).replace(/\d+-\.csv$/, '.csv');
    const calls = company.sandbox.ledger.length;
    const { code, stderr } = await go(...args, out);
    expect([code, company.sandbox.ledger.length, existsSync(out)]).toEqual([64, calls, false]);
    expect(stderr).toMatch(/--\w+ ".*" is not a file that ends in \.ndjson, \.json/);
  });
});

describe('a wrong extension', () => {
  it('of one file keeps report from writing the others', async () => {
    const [html, csv] = [path('page.html'), path('table.csv')];
    const { code } = await go('report', failed, '--html', html, '--csv', csv, '--retry', 'again.txt');
    expect([code, existsSync(html), existsSync(csv)]).toEqual([64, false, false]);
  });
});

describe.each(tables)('%s', (_, args) => {
  const write = async (extension: string) => {
    const out = path(`t.${extension}`);
    expect((await go(...args, out)).code).toBe(0);
    return readFileSync(out, 'utf8');
  };

  it('escapes what a spreadsheet takes for a formula in CSV only', async () => {
    const [csv, json] = [await write('csv'), await write('json')];
    expect(parse(csv, { bom: true, columns: true })).toMatchObject([{ reference: "'=00417" }]);
    expect(JSON.parse(json)).toMatchObject([{ reference: '=00417', email: person(3).email }]);
  });

  it('has the same columns in every format', async () => {
    const [header = ''] = (await write('csv')).slice(1).split('\r\n');
    const [row = {}] = JSON.parse(await write('json')) as object[];
    expect(Object.keys(row)).toEqual(header.split(','));
    expect(JSON.parse(await write('ndjson'))).toEqual(row);
  });
});

describe('the table that a job wants after each run', () => {
  it('has the format of its extension', async () => {
    const [job, table] = [path('job.json'), path('table.json')];
    const report = { csv: basename(table) };
    writeFileSync(job, JSON.stringify({ name: 'nightly', report }));
    await go('run', list, '--job', job, '--yes', '--report', path('r.ndjson'));
    expect(JSON.parse(readFileSync(join(desk, basename(table)), 'utf8'))).toHaveLength(3);
  });
});

describe('a workbook', () => {
  const sheetOf = (file: string) =>
    strFromU8(unzipSync(readFileSync(file))['xl/worksheets/sheet1.xml'] ?? new Uint8Array());

  it('has dates as dates, ids and references as text, and no formula', async () => {
    const out = path('t.xlsx');
    await go('report', failed, '--csv', out);
    const [sheet] = await readWorkbook<Date>(out);
    const [header = [], row = []] = sheet?.data ?? [];
    const cell = (name: string) => row[header.indexOf(name)];
    expect([cell('reference'), cell('status'), cell('accountId')]).toEqual(['=00417', 403, person(3).accountId]);
    expect(cell('finishedAt')).toBeInstanceOf(Date);
    expect(sheetOf(out)).not.toContain('<f');
  });

  it.each([...manifests, ...tables])('of %s has a frozen header row, a filter and widths', async (_, args) => {
    const out = path('w.xlsx');
    await go(...args, out);
    const sheet = sheetOf(out);
    expect(sheet).toMatch(/<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"\/>/);
    expect(sheet).toMatch(/<cols>(<col min="\d+" max="\d+" width="\d+" customWidth="1"\/>)+<\/cols>/);
    expect(sheet).toMatch(/<autoFilter ref="A1:[A-Z]+\d+"\/><\/worksheet>$/);
  });
});
