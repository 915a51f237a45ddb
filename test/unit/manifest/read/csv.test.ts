// The CSV reader against any table and any text: cells, places, and one problem for one line.
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenFile } from '../../../../src/manifest/rows/row.ts';
import { readCsv } from '../../../../src/manifest/read/csv.ts';

async function* chunks(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, { size = 5, delimiter = ',', from = 1 } = {}) {
  return (await Array.fromAsync(readCsv(chunks(text, size), { file: 'm.csv', delimiter, from }))).flat();
}

const cell = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\n', '\r\n', '\u00fc', '='), maxLength: 6 });
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
const size = fc.integer({ min: 1, max: 9 });

describe('a table', () => {
  it('that is written with quotes is read as it was, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(table, size, fc.constantFrom(',', ';'), async (rows, pieces, delimiter) => {
        const text = stringify(rows, { delimiter, quoted: true });
        expect((await read(text, { size: pieces, delimiter })).map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('without odd quotes is read as csv-parse reads it', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = stringify(rows);
        const other: unknown = parse(text, { relax_column_count: true, skip_empty_lines: true });
        expect((await read(text)).map(({ cells }) => cells)).toEqual(other);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n', ' ', '\u001a'), maxLength: 60 });

  it('is read to its end, with rows in ascending lines and the same ones in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(text, size, async (content, pieces) => {
        const rows = await read(content, { size: pieces });
        const lines = rows.map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b));
        expect(rows).toEqual(await read(content, { size: 1000 }));
      }),
      { numRuns: 1000 },
    );
  });

  it('has the rows behind a broken line as they are without it', async () => {
    const rest = '3,c\n4,"d\ne"\n';
    const rows = await read(`1,a\n2,"open\n${rest}`);
    expect(rows.filter(({ problem }) => problem !== undefined).map(({ line }) => line)).toEqual([2]);
    expect(rows.slice(2).map(({ line, cells }) => [line, cells])).toEqual([
      [3, ['3', 'c']],
      [4, ['4', 'd\ne']],
    ]);
  });

  it('above the first line that is read is not parsed', async () => {
    expect(await read('"a "title\n\nx,y\n1,2\n', { from: 3 })).toEqual([
      { line: 3, cells: ['x', 'y'] },
      { line: 4, cells: ['1', '2'] },
    ]);
  });

  it('with a line without end is refused', async () => {
    await expect(read('a'.repeat(300_000), { size: 10_000 })).rejects.toThrow(BrokenFile);
  });
});
