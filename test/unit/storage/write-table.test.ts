// What a file of rows can't hold: it is refused, and nothing is left behind.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import readWorkbook from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import type { OutputRow, OutputTable } from '../../../src/storage/tables/output-table.ts';
import { writeTable } from '../../../src/storage/tables/write-table.ts';
import { world } from '../../support/context.ts';
import { desk, path } from '../../support/scenario.ts';

const context = world({ cwd: desk, tmpdir: desk });
const table = (rows: OutputTable['rows'], more: Partial<OutputTable> = {}): OutputTable => ({
  purpose: 'manifest',
  columns: [{ name: 'a' }, { name: 'b' }],
  rows,
  ...more,
});
const many: OutputRow[] = Array.from({ length: 2000 }, (_, n) => ({ a: `value ${Math.sin(n)}` }));

describe('a file that could not be written whole', () => {
  async function* breaking(): AsyncGenerator<OutputRow> {
    yield* many;
    throw await Promise.resolve(new Error('the source broke'));
  }

  it.each(['ndjson', 'json', 'csv', 'xlsx'])('is removed: .%s', async (extension) => {
    const out = path(`out.${extension}`);
    await expect(writeTable(out, table(breaking()), context)).rejects.toThrow('the source broke');
    expect(existsSync(out)).toBe(false);
  });

  it.each(['json', 'xlsx'] as const)('is refused when no command could read its size: .%s', async (format) => {
    const out = path(`out.${format}`);
    const wanted = table(many, { maxBytes: { [format]: 20_000 } });
    await expect(writeTable(out, wanted, context)).rejects.toMatchObject({ kind: 'report' });
    expect(existsSync(out)).toBe(false);
  });

  it('is refused when its sheet would unpack to more than a command reads', async () => {
    const out = path('out.xlsx');
    const refused = writeTable(out, table(many, { maxSheetBytes: 70_000 }), context);
    await expect(refused).rejects.toThrow(/larger than what a command reads; name a .csv or .ndjson file/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a cell of a workbook', () => {
  const long = 'x'.repeat(40_000);

  it('is shortened in a table for people and refused in a manifest', async () => {
    const out = path('out.xlsx');
    await expect(writeTable(out, table([{ a: long }]), context)).rejects.toThrow(/a has more than 32767 characters/);
    await writeTable(out, table([{ a: long }], { purpose: 'people' }), context);
    const [{ data } = { data: [] }] = await readWorkbook<string>(out);
    expect(String(data[1]?.[0])).toHaveLength(32_767);
  });

  it.each(['a\u0000b\u001bc', '_x0041_', 'one\r\ntwo', '<&>"', '\ufffe'])('keeps %j', async (text) => {
    const out = path('out.xlsx');
    await writeTable(out, table([{ a: text, b: 'end' }]), context);
    const [{ data } = { data: [] }] = await readWorkbook<string>(out);
    expect(data[1]).toEqual([text, 'end']);
  });

  it('lies in any of many columns', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `c${n}`);
    const row = Object.fromEntries(names.map((name) => [name, `in ${name}`]));
    const out = path('out.xlsx');
    await writeTable(out, table([row], { columns: names.map((name) => ({ name })) }), context);
    const [{ data } = { data: [] }] = await readWorkbook<string>(out);
    expect(data).toEqual([names, Object.values(row)]);
  });
});

describe('the same rows', () => {
  it('are the same bytes', async () => {
    const outs = [path('out.xlsx'), path('out.xlsx')];
    for (const out of outs) await writeTable(basename(out), table(many), context);
    const [first, second] = outs.map((out) => readFileSync(out));
    expect(first?.equals(second ?? Buffer.of())).toBe(true);
  });
});
