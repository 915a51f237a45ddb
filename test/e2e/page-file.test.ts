// A page replaces a page of the same kind that the program wrote, and no other file.
import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeReport } from '../support/report-fixture.ts';
import { file, newFolder, path } from '../support/scenario.ts';
import { leavers } from '../support/in-process.ts';

const report = () => writeReport(path('report.ndjson'), [{}]);

describe('report --html', () => {
  it('replaces its own page in one step, readable by its owner only', async () => {
    const html = path('week.html');
    const codes = [
      await leavers(['report', report(), '--html', html]),
      await leavers(['report', report(), '--html', html]),
    ];
    expect(codes.map(({ code }) => code)).toEqual([0, 0]);
    expect(lstatSync(html).mode & 0o777).toBe(0o600);
    expect(readFileSync(html, 'utf8').match(/<html/g)).toHaveLength(1);
  });

  const link = () => {
    const [own, to] = [path('link.html'), path('own.html')];
    writeFileSync(to, '<!doctype html>\n<!-- leavers report page -->\n');
    symlinkSync(to, own);
    return own;
  };
  const others: readonly (readonly [string, () => string])[] = [
    ['a page of somebody else', () => file('other.html', '<!doctype html>\n<html>mine</html>')],
    ['a page of another kind', () => file('plan.html', '<!doctype html>\n<!-- leavers plan page -->\n')],
    ['an empty file', () => file('empty.html', '')],
    ['a folder', newFolder],
    ['a link, even to its own page', link],
  ];
  it.each(others)('leaves %s as it is', async (_, make) => {
    const html = make();
    const before = lstatSync(html).mtimeMs;
    const { code, stderr } = await leavers(['report', report(), '--html', html]);
    expect([code, stderr]).toEqual([73, expect.stringContaining('is left as it is; name a new file')]);
    expect(lstatSync(html).mtimeMs).toBe(before);
  });
});
