// The table of keys against a Map, over more keys than it starts with.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from '../../../src/storage/key-table.ts';

const key = (n: number) => createHash('sha256').update(String(n)).digest('hex').slice(0, 32);

describe('KeyTable', () => {
  it('answers as a Map does, whatever was set in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 255 })), { maxLength: 600 }), (pairs) => {
        const [table, map] = [new KeyTable(), new Map<string, number>()];
        for (const [n, value] of pairs) {
          table.set(key(n), value);
          map.set(key(n), value);
        }
        expect(table.size).toBe(map.size);
        for (let n = 0; n <= 300; n += 1) expect(table.get(key(n))).toBe(map.get(key(n)) ?? 0);
      }),
    );
  });

  it('holds texts of any form, the empty one and equal beginnings among them', () => {
    const table = new KeyTable('wide');
    const texts = ['', 'a', 'aa', 'person jo@example.com', 'person jo@example.com group ops', '佐藤', '\u0000'];
    texts.forEach((text, at) => table.set(text, at + 1));
    expect(texts.map((text) => table.get(text))).toEqual(texts.map((_, at) => at + 1));
    expect(table.get('person jo@example.co')).toBe(0);
  });

  it('sets once what has no number, and forgets all of it when cleared', () => {
    const table = new KeyTable('wide');
    table.setOnce('jo', 70_000);
    table.setOnce('jo', 2);
    expect([table.get('jo'), table.size]).toEqual([70_000, 1]);
    table.clear();
    expect([table.get('jo'), table.size]).toEqual([0, 0]);
  });

  it('keeps every key while it grows', () => {
    const table = new KeyTable();
    for (let n = 0; n < 20_000; n += 1) table.set(key(n), (n % 255) + 1);
    expect(table.size).toBe(20_000);
    for (let n = 0; n < 20_000; n += 1) if (table.get(key(n)) !== (n % 255) + 1) expect.fail(`key ${n} is lost`);
  });
});
