// The plan as a page, in a real browser: what a person who approves it sees, on a screen, a phone and paper.
import { readFileSync, statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { cells, looks, openPage, violations } from '../../support/open-page.ts';
import { leavers } from '../../support/in-process.ts';
import { file, path } from '../../support/scenario.ts';

let browser: Browser;
let html: string;
let saved: string;
beforeAll(async () => {
  browser = await openBrowser();
  [html, saved] = [path('plan.html'), path('plan.json')];
  const plan = ['plan', 'samples/leavers.csv', '--sandbox', 'samples/org.json', '--allow', 'remove-user'];
  const { code, stderr } = await leavers([...plan, '--allow', 'invite-user', '--html', html, '--out', saved]);
  expect([code, stderr]).toEqual([78, expect.stringContaining('Plan sha256:')]);
});
afterAll(async () => {
  await browser.close();
});

describe('the page of a plan', () => {
  it('says in words what will change, what can not be undone, and who keeps access', async () => {
    const { page, close } = await openPage(browser, html);
    expect(await page.locator('h1').innerText()).toBe(
      "17 changes, 3 of them can't be undone; 2 rows leave people with access",
    );
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'This plan would not run',
      "Can't be undone",
      'On the list, but keep their access',
      'Left out on purpose',
      'Seats',
      'Good to know',
      'Every row',
      'Plan details',
    ]);
    expect(await page.locator('.b-left-out h3').allInnerTexts()).toEqual([
      '1 keeps access: organization admin',
      '1 keeps access: not found in the directory',
    ]);
    await close();
  });

  it('lists every row with its reason, irreversible ones first', async () => {
    const { page, close } = await openPage(browser, html, { timezoneId: 'UTC' });
    const [names, decided, why] = [await cells(page, 1), await cells(page, 4), await cells(page, 5)];
    expect([names.length, names[0], why.filter((text) => text === '')]).toEqual([
      24,
      'Mateo García <mateo@example.com>',
      [],
    ]);
    expect([...new Set(decided)]).toEqual(['irreversible', 'left out', 'change', 'read', 'scheduled', 'no change']);
    expect(why).toContain('role guest on jira-software (site 7c9e6679)');
    expect(why).toContain('not before 31 Mar 2031, 00:00 UTC');
    expect(why).toContain('frees jira-software, confluence');
    await close();
  });

  it('leads from a group to its rows, and filters by decision', async () => {
    const { page, close } = await openPage(browser, html);
    await page.locator('.b-left-out a').first().click();
    expect(await cells(page, 2)).toEqual(['HR-2006']);
    await page.locator('.tiles a', { hasText: 'irreversible' }).click();
    expect(await cells(page, 3)).toEqual(['remove-user', 'invite-user', 'delete-group']);
    await close();
  });

  it('shows seats, the hash of the saved plan, and commands only in the details', async () => {
    const { page, close } = await openPage(browser, html);
    expect(await page.locator('.seats tbody tr').allInnerTexts()).toEqual(['confluence\t6\t0', 'jira-software\t4\t1']);
    const { plan } = JSON.parse(readFileSync(saved, 'utf8')) as { plan: { sha256: string } };
    expect(await page.locator('dl').innerText()).toContain(`sha256:${plan.sha256}`);
    const above = await page.locator('header, h2, .causes, .tiles, ul, #people').allInnerTexts();
    expect(above.join('\n')).not.toMatch(/leavers (?:approve|run)|(?:^|\s)--\w/);
    await close();
  });

  it('says what the freed seats cost, with prices of a job', async () => {
    const prices = { confluence: 5.5, currency: 'EUR' };
    const [own, job] = [path('priced.html'), file('job.json', JSON.stringify({ name: 'priced', prices }))];
    await leavers(['plan', 'samples/leavers.csv', '--sandbox', 'samples/org.json', '--job', job, '--html', own]);
    const { page, close } = await openPage(browser, own);
    expect(await page.locator('.seats tbody tr').allInnerTexts()).toEqual([
      'confluence\t6\t0\t33.00 EUR',
      'jira-software\t4\t1\tno price given',
      'Total\t10\t1\t33.00 EUR, without jira-software',
    ]);
    await close();
  });

  it.each(Object.keys(looks))('has no findings of axe-core: %s', async (look) => {
    expect(await violations(browser, html, look)).toEqual([]);
  });

  it('needs nothing from elsewhere, runs under its own policy, and fits a phone', async () => {
    const { page, heard, close } = await openPage(browser, html, { viewport: { width: 390, height: 844 } });
    await page.locator('#search').fill('ada');
    expect(heard()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await close();
  });

  it('takes names of a manifest as text', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const csv = file(
      'evil.csv',
      `action,groupName,reference\ndelete-group,${evil},"</script><script>alert(2)</script>"\n`,
    );
    const own = path('evil.html');
    await leavers(['plan', csv, '--offline', '--html', own]);
    const { page, heard, close } = await openPage(browser, own);
    expect([heard(), await page.locator('img, main script:not([type])').count()]).toEqual([[], 0]);
    expect((await cells(page, 1)).join()).toContain(evil);
    await close();
  });
});

describe('the page of a plan that can run', () => {
  it('shows the next commands as code', async () => {
    const own = path('ready.html');
    const list = file('one.csv', 'action,email\nsuspend-user,ada@example.com\n');
    const plan = ['plan', list, '--sandbox', 'samples/org.json', '--html', own, '--out', path('ready.json')];
    expect((await leavers(plan)).code).toBe(0);
    const { page, close } = await openPage(browser, own);
    expect(await page.locator('dd code').allInnerTexts()).toEqual([
      expect.stringMatching(/^leavers approve /),
      expect.stringMatching(/^leavers run /),
    ]);
    await close();
  });
});

describe('a plan of 100,000 rows', () => {
  it('lists 50,000 of them, irreversible ones first, and says so', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, n) => `${n % 1000 === 999 ? 'remove' : 'suspend'}-user,p${n}@example.com`,
    );
    const own = path('long.html');
    const plan = ['plan', file('long.csv', `action,email\n${rows.join('\n')}\n`), '--offline', '--html', own];
    expect((await leavers([...plan, '--allow', 'remove-user', '--max-changes', '100000'])).code).toBe(0);
    expect(statSync(own).size).toBeLessThan(10_000_000);
    const { page, close } = await openPage(browser, own);
    expect(await page.locator('main').innerText()).toContain('A plan of 100,000 rows is too long for one page.');
    expect((await cells(page, 4)).every((decision) => decision === 'irreversible')).toBe(true);
    expect(await page.locator('.b-failed').innerText()).toMatch(/Remove 100 people[^]*and 88 more/);
    await close();
  });
});
