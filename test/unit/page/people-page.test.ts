// The page of reconcile in a real browser: findings of axe-core in every look, cards on a phone, and a rehearsal that is named everywhere.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../support/browser.ts';
import { leavers } from '../../support/in-process.ts';
import { looks, openPage, violations } from '../../support/open-page.ts';
import { path } from '../../support/scenario.ts';

let browser: Browser;
const html = path('drift.html');
const blind = path('blind.html');
beforeAll(async () => {
  browser = await openBrowser();
  const args = ['reconcile', 'samples/staff.csv', '--job', 'staff-reconciliation', '--sandbox'];
  await leavers([...args, '--domains', 'example.com', '--html', html]);
  await leavers([...args, '--html', blind]);
});
afterAll(() => browser.close());

describe('the page of reconcile', () => {
  it.each(Object.keys(looks))('has no findings of axe-core: %s', async (look) => {
    expect(await violations(browser, html, look)).toEqual([]);
  });

  it('fits a phone, says REHEARSAL and the organization, and needs nothing from elsewhere', async () => {
    const { page, heard, close } = await openPage(browser, html, { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect([await page.title(), await page.locator('.rehearsal').innerText()]).toEqual([
      'REHEARSAL: 2 people have left but still have access',
      'REHEARSAL on the simulated organization.',
    ]);
    expect(await page.locator('.eyebrow').innerText()).toBe('Acme · reconciliation of samples/staff.csv');
    expect(heard()).toEqual([]);
    await close();
  });

  it('of a list that proposes nobody is not green', async () => {
    const { page, close } = await openPage(browser, blind);
    expect([await page.locator('header').getAttribute('class'), await page.locator('h1').innerText()]).toEqual([
      'warn',
      '4 accounts missing from the list; only reported',
    ]);
    await close();
  });
});
