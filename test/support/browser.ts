// A real Chromium from a package: nothing is downloaded, and every request that a page makes is seen.
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/** Starts the browser; close it after the tests. */
export async function openBrowser(): Promise<Browser> {
  // As root there is no sandbox for it; the package's other flags are for functions in a cloud (one process for everything dies with its first page).
  return driver.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--no-zygote'],
    headless: true,
  });
}
