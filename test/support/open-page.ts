// A page of the program in a real browser, with everything that it asks for or complains about.
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Opens a page; `close` it at the end of the test. */
export async function openPage(browser: Browser, html: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard: string[] = [];
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('dialog', (dialog) => heard.push(dialog.message()));
  page.on('request', (request) => heard.push(request.url()));
  await page.goto(`file://${html}`);
  return { page, heard: () => heard.filter((text) => text !== `file://${html}`), close: () => context.close() };
}

/** The ways in which people look at a page. */
export const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 } },
  'dark phone': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  print: {},
};

/** What axe-core finds in one of these looks, each rule with its first element. */
export async function violations(browser: Browser, html: string, look: string): Promise<readonly unknown[]> {
  const { page, close } = await openPage(browser, html, { ...looks[look], bypassCSP: true });
  if (look === 'print') await page.emulateMedia({ media: 'print' });
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    async () => (await (globalThis as unknown as { axe: typeof axe }).axe.run()).violations,
  );
  await close();
  return found.map(({ id, nodes }) => [id, nodes[0]?.html]);
}

/** The texts of one column of the page's table. */
export function cells(page: Page, column: number): Promise<string[]> {
  return page.locator(`#people tbody td:nth-child(${column})`).allTextContents();
}
