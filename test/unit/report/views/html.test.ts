// The page in a real browser: what it says, that it stands alone, that everybody can use it, and that nothing in a report can take it over.
import { readFileSync, statSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../../support/browser.ts';
import { cells, looks, openPage, violations } from '../../../support/open-page.ts';
import { leavers } from '../../../support/in-process.ts';
import { path } from '../../../support/scenario.ts';
import { refused, type Wanted, writeReport } from '../../../support/report-fixture.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** The page that the program makes of such rows. */
async function pageOf(rows: readonly Wanted[], end = {}, start = {}): Promise<string> {
  const [report, html] = [writeReport(path('report.ndjson'), rows, { end, start }), path('page.html')];
  const { code, stderr } = await leavers(['report', report, '--html', html]);
  expect([code, stderr]).toEqual([0, '']);
  return html;
}

/** The page opened, with everything that it asked for or complained about. */
const open = (html: string, options: BrowserContextOptions = {}) => openPage(browser, html, options);

const mixed: readonly Wanted[] = [
  { fields: { notBefore: '2026-11-24T09:00:00.000Z' }, result: { lastActive: '2026-05-01T00:00:00Z' } },
  { fields: { notBefore: '2026-11-22T09:00:00.000Z' }, result: { lastActive: '2026-11-20T00:00:00Z' } },
  { outcome: 'already', status: null, attempts: 0 },
  {
    ...refused('ADMIN-409-5', 'Group not empty'),
    action: 'delete-group',
    groupName: 'design',
    accountId: null,
    email: null,
  },
  { outcome: 'skipped', reason: 'admin', message: 'an organization admin' },
  { outcome: 'unknown', ambiguous: true, action: 'invite-user', message: 'the connection broke' },
  { outcome: 'held', message: 'not before 2027-01-01 09:00 UTC', fields: { notBefore: '2027-01-01T09:00:00.000Z' } },
];

describe('the page', () => {
  it('says in words what happened, with counts, causes, hints and where it comes from', async () => {
    const { page, close } = await open(await pageOf(mixed));
    const text = await page.locator('body').innerText();
    expect(await page.locator('h1').innerText()).toBe(
      '3 of 7 rows succeeded or needed no change, 1 leaves a person with access, 2 need your attention, 1 excluded or scheduled',
    );
    for (const words of [
      'Suspended 2 people.',
      'by ida over people.csv',
      'ADMIN-409-5',
      'The group has members',
      'ab'.repeat(32),
    ])
      expect(text).toContain(words);
    expect(await page.locator('.tiles b, .tiles span').allInnerTexts()).toEqual([
      '2',
      'done',
      '1',
      'already',
      '1',
      'failed',
      '1',
      'unknown',
      '1',
      'skipped',
      '1',
      'held',
    ]);
    expect(await page.locator('.tiles small').nth(5).innerText()).toBe('waits for its date');
    await close();
  });

  it('draws outcomes, pace with its pauses, delays and inactivity', async () => {
    const waits = [{ at: Date.parse('2026-11-24T12:00:02Z'), ms: 3000 }];
    const { page, close } = await open(await pageOf(mixed, { waits, throttled: 1, throttledMs: 3000 }));
    expect(await page.locator('figure h3').allInnerTexts()).toEqual([
      'Outcomes by action',
      'The run over time (UTC)',
      'From the effective date to the end of access',
      'Inactivity',
    ]);
    const labels = await page
      .locator('figure svg')
      .evaluateAll((all) => all.map((svg) => svg.getAttribute('aria-label')));
    expect(labels[1]).toContain('It waited 3 s for the limit, in 1 pause.');
    expect(labels[2]).toContain('2 people: 1 within 24 hours, 1 later');
    expect(await page.locator('figure svg rect').count()).toBeGreaterThan(10);
    await close();
  });

  it('has the numbers of each drawing as a table, in the order of the manual', async () => {
    const { page, close } = await open(await pageOf(mixed));
    await page.locator('figure summary').first().click();
    expect(await page.locator('figure details').first().locator('tr').allInnerTexts()).toEqual([
      'action\tdone\talready\tfailed\tunknown\tskipped\theld',
      'suspend-user\t2\t1\t0\t0\t1\t1',
      'invite-user\t0\t0\t0\t1\t0\t0',
      'delete-group\t0\t0\t1\t0\t0\t0',
    ]);
    await close();
  });

  it('is drawn with whole numbers and a clock of 24 hours', async () => {
    const { page, close } = await open(await pageOf(mixed));
    const ticks = await page.locator('figure').nth(1).locator('svg text').allTextContents();
    expect(ticks.filter((text) => /[.]|[AP]M/.test(text))).toEqual([]);
    expect(ticks.filter((text) => /^12:00:0\d$/.test(text)).length).toBeGreaterThan(1);
    await close();
  });

  it('says the settings as people write them', async () => {
    const { page, close } = await open(await pageOf(mixed));
    expect(await page.locator('dl').innerText()).toContain('rate 180 per minute, timeout 30 s, max failures 10%');
    await close();
  });

  it('needs nothing from elsewhere, and its own policy has nothing to complain about', async () => {
    const { page, heard, close } = await open(await pageOf(mixed));
    await page.locator('#search').fill('person');
    expect(heard()).toEqual([]);
    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; /);
    await close();
  });

  it.each(Object.keys(looks))('has no findings of axe-core: %s', async (look) => {
    expect(await violations(browser, await pageOf(mixed, {}, { rehearsal: true }), look)).toEqual([]);
  });

  it.each([320, 390, 800, 1600])('fits a window %i wide without scrolling sideways', async (width) => {
    const { page, close } = await open(await pageOf(mixed), { viewport: { width, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await close();
  });

  it('prints to PDF, without its tools', async () => {
    const { page, close } = await open(await pageOf(mixed));
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools').isVisible()).toBe(false);
    expect(await page.locator('#people').isVisible()).toBe(true);
    await close();
  });

  it('prints the heads of its table without buttons, which Chromium does not repeat on each sheet', async () => {
    const { page, close } = await open(await pageOf(mixed));
    await page.emulateMedia({ media: 'print' });
    const shown = await page
      .locator('#people th button')
      .evaluateAll((all) => all.map((each) => getComputedStyle(each).display));
    expect(new Set(shown)).toEqual(new Set(['contents']));
    await close();
  });

  it('prints every row that was asked for, not one screen of them', async () => {
    const { page, close } = await open(await pageOf(Array.from({ length: 250 }, () => ({}))));
    const printed = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const rows = document.querySelectorAll('#people tbody tr').length;
      dispatchEvent(new Event('afterprint'));
      return [rows, document.querySelectorAll('#people tbody tr').length];
    });
    expect(printed).toEqual([250, 100]);
    await close();
  });
});

describe('for people who do not run the program', () => {
  it('names who keeps access first and in amber, then failures, above the charts', async () => {
    const { page, close } = await open(await pageOf(mixed));
    const titles = await page.locator('.causes h3').allInnerTexts();
    expect(titles).toEqual([
      '1 keeps access: organization admin',
      '1 failed: HTTP 403 ADMIN-409-5 Group not empty',
      '1 unconfirmed: HTTP 204 the connection broke',
    ]);
    const amber = await page.locator('.causes li').evaluateAll((all) => all.map(({ className }) => className));
    expect(amber).toEqual(['b-left-out', 'b-failed', 'b-unknown']);
    const sections = await page.locator('h2').allInnerTexts();
    expect(sections).toEqual(['Needs your attention', 'At a glance', 'Every row', 'Run details']);
    await close();
  });

  it('leads from a cause to its rows, from no match back to all, and says what is filtered', async () => {
    const { page, close } = await open(await pageOf([...mixed, { outcome: 'skipped', reason: 'duplicate' }]));
    await page.locator('.causes a').first().click();
    expect(await cells(page, 2)).toEqual(['HR-5']);
    expect(await page.locator('#only-name').innerText()).toBe('1 keeps access: organization admin');
    await page.locator('#search').fill('nobody at all');
    expect(await page.locator('#no-match').innerText()).toContain('No row matches.');
    await page.locator('#no-match button').click();
    expect((await cells(page, 2)).length).toBe(8);
    expect(await page.locator('#only').isVisible()).toBe(false);
    await close();
  });

  it('shows dates in the zone of the reader, or in UTC without script', async () => {
    const html = await pageOf(mixed);
    const { page, close } = await open(html, { timezoneId: 'Asia/Tokyo' });
    expect((await cells(page, 5)).at(-1)).toBe('not before 1 Jan 2027, 18:00 GMT+9');
    expect((await cells(page, 6))[0]).toBe('24 Nov 2026, 21:00');
    expect(await page.locator('#zone').innerText()).toContain('Asia/Tokyo');
    expect(await page.locator('header').innerText()).toContain('the next on 1 Jan 2027, 18:00 GMT+9');
    await close();
    const plain = await open(html, { javaScriptEnabled: false });
    expect((await cells(plain.page, 6))[0]).toBe('24 Nov 2026, 12:00');
    expect(await plain.page.locator('header').innerText()).toContain('the next on 1 Jan 2027, 09:00 UTC');
    await plain.close();
  });

  it('shows each row as a card on a phone, with the name of each value', async () => {
    const { page, close } = await open(await pageOf(mixed), { viewport: { width: 390, height: 844 } });
    const card = page.locator('#people tbody tr').nth(4);
    const [box, label] = [
      await card.boundingBox(),
      await card.locator('td.why').evaluate((cell) => getComputedStyle(cell, '::before').content),
    ];
    expect([box?.width ?? 0, label]).toEqual([358, '"Why"']);
    expect(await page.locator('#people thead').isVisible()).toBe(false);
    expect(await card.innerText()).toMatch(
      /^person5@example.com\n.*HR-5\nsuspend-user\nskipped\nan organization admin/s,
    );
    await close();
  });

  it('shows last-active dates, names the organization, and keeps commands in the run details', async () => {
    const activity = { products: [{ key: 'confluence', lastActive: '2026-10-02T11:00:00.000Z' }] };
    const rows = [...mixed, { action: 'get-last-active' as const, result: activity }];
    const { page, close } = await open(await pageOf(rows, {}, { orgName: 'Acme Ltd' }), { timezoneId: 'UTC' });
    expect((await cells(page, 5)).at(-1)).toBe('last active 2 Oct 2026, 11:00 UTC in confluence');
    expect(await page.locator('.eyebrow').innerText()).toContain('Acme Ltd · report');
    expect(await page.locator('dl').innerText()).toContain('leavers verify');
    const above = await page.locator('header, h2, .causes, .tiles, figcaption, #people').allInnerTexts();
    expect(above.join('\n')).not.toMatch(/leavers (?:report|run|verify)|(?:^|\s)--\w/);
    await close();
  });

  it('draws the guide line only when rows have a limit, and no two times of an axis overlap', async () => {
    const rows = [...mixed, { fields: { onlyIfInactiveDays: 90 } }];
    const [without, with90] = [await open(await pageOf(mixed)), await open(await pageOf(rows))];
    const guides = (page: Page) => page.locator('figure').nth(3).locator('svg [stroke-dasharray]').count();
    expect([await guides(without.page), await guides(with90.page)]).toEqual([0, 1]);
    const boxes = await without.page
      .locator('figure svg text')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect));
    expect(overlapping(boxes)).toEqual([]);
    await without.close();
    await with90.close();
  });

  it('says REHEARSAL on the page, in its title, and on every printed sheet', async () => {
    const { page, close } = await open(await pageOf(mixed, {}, { rehearsal: true }));
    expect(await page.title()).toMatch(/^REHEARSAL: /);
    expect(await page.locator('.rehearsal').innerText()).toContain('REHEARSAL on the simulated organization');
    const sheets = await page.locator('style').innerText();
    expect(sheets).toMatch(/@page\{size:A4 landscape.*@top-center\{content:"REHEARSAL .*counter\(page\)/);
    await close();
  });
});

/** Pairs of texts that lie over each other. */
function overlapping(boxes: readonly DOMRect[]): string[] {
  return boxes.flatMap((a, at) =>
    boxes
      .slice(at + 1)
      .filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      .map((b) => `${a.left},${a.top} and ${b.left},${b.top}`),
  );
}

describe('the table', () => {
  it('is searched, filtered by outcome and action, and sorted both ways', async () => {
    const { page, close } = await open(await pageOf(mixed));
    await page.locator('#search').fill('hr-4 design');
    expect(await cells(page, 1)).toEqual(['design']);
    await page.locator('#search').fill('');
    await page.locator('#outcome').selectOption('skipped');
    expect(await cells(page, 2)).toEqual(['HR-5']);
    await page.locator('#outcome').selectOption('');
    await page.locator('#action').selectOption('invite-user');
    expect(await cells(page, 4)).toEqual(['unknown']);
    await page.locator('#action').selectOption('');
    const head = page.locator('#people th').nth(1);
    await head.locator('button').click();
    await head.locator('button').click();
    expect([await head.getAttribute('aria-sort'), await cells(page, 2)]).toEqual([
      'descending',
      [7, 6, 5, 4, 3, 2, 1].map((n) => `HR-${n}`),
    ]);
    await close();
  });

  it('is sorted on a phone by a list of orders, from the keyboard too, and in step with the heads', async () => {
    const rows = [{ reference: 'HR-2' }, { reference: 'HR-10' }, { reference: 'HR-1' }];
    const { page, close } = await open(await pageOf(rows), { viewport: { width: 390, height: 844 } });
    const orders = page.getByLabel('Sort by');
    await orders.selectOption('Reference, Z to A');
    expect(await cells(page, 2)).toEqual(['HR-10', 'HR-2', 'HR-1']);
    await orders.press('ArrowUp');
    expect(await cells(page, 2)).toEqual(['HR-1', 'HR-2', 'HR-10']);
    await page.setViewportSize({ width: 1200, height: 800 });
    expect([await orders.isVisible(), await page.locator('th[aria-sort=ascending]').innerText()]).toEqual([
      false,
      'Reference',
    ]);
    await close();
  });

  it('shows what a count at the top is about', async () => {
    const { page, close } = await open(await pageOf(mixed));
    await page.locator('.tiles a', { hasText: 'failed' }).click();
    expect([await cells(page, 4), await page.locator('#outcome').inputValue()]).toEqual([['failed'], 'failed']);
    await close();
  });

  it('is turned page by page, and sorted from the keyboard', async () => {
    const { page, close } = await open(await pageOf(Array.from({ length: 250 }, () => ({}))));
    expect(await page.locator('#count').innerText()).toBe('250 of 250 rows, page 1 of 3');
    await page.locator('#next').press('Enter');
    await page.locator('#next').press('Enter');
    expect([(await cells(page, 2)).length, await page.locator('#next').isDisabled()]).toEqual([50, true]);
    await page.locator('#people th button').nth(5).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect((await cells(page, 2))[0]).toBe('HR-250');
    await close();
  });

  it('is there without script, and says how much of it', async () => {
    const { page, close } = await open(await pageOf(Array.from({ length: 1200 }, () => ({}))), {
      javaScriptEnabled: false,
    });
    expect((await cells(page, 1)).length).toBe(1000);
    expect(await page.locator('#static').innerText()).toContain('The first 1,000 of 1,200 rows are shown');
    expect(await page.locator('.tools').isVisible()).toBe(false);
    await close();
  });
});

describe('hostile reports', () => {
  const evil = [
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(2)</script>',
    '"><svg onload=alert(3)>',
    "'-alert(4)-'",
    '\u202egpj.exe',
    '<!--<script>',
  ];

  it('are text and nothing else, wherever they stand', async () => {
    const rows = evil.flatMap((text) => [
      { email: text, reference: text, message: text },
      { ...refused(text, text), groupName: text, action: 'delete-group' as const, file: text },
    ]);
    const { page, heard, close } = await open(await pageOf(rows));
    await page.locator('#search').fill('alert');
    expect(heard()).toEqual([]);
    expect(await page.locator('img, svg[onload], #people script').count()).toBe(0);
    expect((await cells(page, 1)).join()).toContain('<img src=x onerror=alert(1)>');
    await close();
  });
});

describe('a long report', () => {
  it('of 50,000 rows is below 10 MB, and every row can be found', async () => {
    const html = await pageOf(
      Array.from({ length: 50_000 }, (_, n) => (n % 40 === 7 ? refused('ADMIN-404-8', 'User not found') : {})),
    );
    expect(statSync(html).size).toBeLessThan(10_000_000);
    const { page, close } = await open(html);
    await page.locator('#search').fill('hr-49999');
    expect(await cells(page, 2)).toEqual(['HR-49999']);
    await close();
  });

  it('of more rows is summarized in numbers, with the rows that need a person', async () => {
    const html = await pageOf(
      Array.from({ length: 50_010 }, (_, n) => (n % 1000 === 7 ? refused('ADMIN-404-8', 'User not found') : {})),
    );
    expect(statSync(html).size).toBeLessThan(200_000);
    const text = readFileSync(html, 'utf8');
    expect(text).toContain('A report of 50,010 rows is too long for one page');
    const { page, close } = await open(html);
    expect(await page.locator('#count').innerText()).toBe('51 of 51 rows');
    await close();
  });
});
