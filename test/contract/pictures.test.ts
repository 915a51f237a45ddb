// The pictures of README and docs show what the program shows now: their texts are compared, pixels may differ (npm run docs makes them).
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { photograph, terminalPicture } from '../../scripts/pictures.ts';
import { openBrowser } from '../support/browser.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

it('the recorded session is what a terminal shows now', async () => {
  expect(await terminalPicture()).toBe(read('terminal.svg'));
});

it('the pages in the pictures say what pages say now', async () => {
  const browser = await openBrowser();
  const texts = await photograph(browser);
  await browser.close();
  expect(texts).toEqual(JSON.parse(read('texts.json')));
});

it('all pictures together are below 400 kB', () => {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
});
