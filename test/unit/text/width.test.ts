// Texts on a terminal: cut, broken and padded by the cells that they take, whatever they are written in.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cut, pad } from '../../../src/text/width.ts';
import { leavers } from '../../support/in-process.ts';
import { desk } from '../../support/desk.ts';

describe('a text', () => {
  it.each([
    ['Ada Lovelace', 12],
    ['Zoé Lefèvre – “Ø”', 17],
    ['Zoé', 3],
    ['佐藤 遥', 7],
    ['김민준', 6],
    ['ﾊﾝｶｸ', 4],
    ['ＷＩＤＥ', 8],
    ['👋🏽 hi', 5],
    ['👩‍💻', 2],
    ['🇩🇪', 2],
    ['⚠️', 2],
    ['נועה לוי', 8],
    ['', 0],
  ])('"%s" takes %i cells', (text, cells) => {
    expect(columnsOf(text)).toBe(cells);
  });

  it('is cut between signs, with the mark of it within the width', () => {
    expect(['佐藤 遥 (m.csv:2)', '👩‍💻👩‍💻👩‍💻', 'Zoe\u0301e'].map((text) => cut(text, 4))).toEqual([
      '佐…',
      '👩‍💻…',
      'Zoe\u0301e',
    ]);
    expect(cut('Zoe\u0301 Lefèvre', 4)).toBe('Zoe\u0301…');
  });

  it('is padded to a column', () => {
    expect([pad('佐藤', 6), pad('Ada', 6), pad('Wolfeschlegel', 6)]).toEqual(['佐藤  ', 'Ada   ', 'Wolfeschlegel']);
  });

  it('is never wider than it may be, and whole when it fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '佐', '👋🏽', 'e\u0301', '🇩🇪', '…') });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (some, width) => {
        const short = cut(some, width);
        expect(columnsOf(short)).toBeLessThanOrEqual(width);
        expect(short === some).toBe(columnsOf(some) <= width);
      }),
    );
  });
});

describe('a plan of people with names in Japanese', () => {
  it('has no line that is wider than the terminal', async () => {
    const file = `${'退職者一覧'.repeat(3)}.csv`;
    writeFileSync(
      join(desk, file),
      'action,groupName\ncreate-group,営業部の元メンバーのグループ👋\ndelete-group,開発部の元メンバーのグループ\n',
    );
    const { stdout } = await leavers(['plan', file, '--sandbox', '--allow', 'delete-group'], {
      columns: 80,
      cwd: desk,
    });
    const lines = stdout.split('\n').filter((line) => line.includes('グループ'));
    expect(lines).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('      ')).every((line) => columnsOf(line) <= 80)).toBe(true);
  });
});
