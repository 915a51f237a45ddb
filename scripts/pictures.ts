// The pictures of README and docs: a recorded terminal session, and pages in a browser. `npm run docs` writes them; a test compares their texts.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';
import { leavers } from '../test/support/in-process.ts';
import { screenOf } from './terminal-screen.ts';
import { animate, type Scene } from './terminal-svg.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'pictures');
const columns = 100;
/** Commands are longer than the terminal is wide, and never broken. */
const pictured = 117;
/** The clock of the pages: the last-active dates of the sample organization are from the weeks before. */
const noon = Date.parse('2026-11-24T11:00:00Z');

const sample = 'samples/workday.csv --job jobs/hr-offboarding.json --sandbox samples/org.json';
const recorded = [`leavers plan ${sample}`, `leavers run ${sample} --report hr.ndjson`];

/** What differs from one session to the next, and what stands in the picture instead. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/sha256:[0-9a-f]{32}/, 'sha256:51b1a8b6c0d1f7f2b7f0b4c1a9d3e27c'],
  [/^Requests {2}.*/, 'Requests  10 in 3.1 s'],
];

/** Records both commands on a terminal of their own, in a folder with the samples. */
async function recordScenes(): Promise<readonly Scene[]> {
  const desk = mkdtempSync(join(tmpdir(), 'leavers-pictures-'));
  try {
    for (const name of ['samples', 'jobs']) symlinkSync(join(root, name), join(desk, name));
    const scenes: Scene[] = [];
    for (const command of recorded) {
      const lines = screenOf(await onTerminal(command, desk)).filter((spans) => spans.length > 0);
      // The plan of the run is the one before, so its picture begins with the recap.
      const from = lines.map(textOf).findLastIndex((text) => text.startsWith('REHEARSAL'));
      scenes.push({ command, lines: withoutSlowest(lines.slice(from)).map(settle) });
    }
    return scenes;
  } finally {
    rmSync(desk, { recursive: true, force: true });
  }
}

/** Which rows are the slowest is chance. */
function withoutSlowest(lines: Scene['lines']): Scene['lines'] {
  const texts = lines.map(textOf);
  const from = texts.findIndex((text) => text.startsWith('Slowest'));
  const to = texts.findIndex((text, at) => at > from && !text.startsWith(' '));
  return from < 0 ? lines : lines.filter((_, at) => at < from || at >= to);
}

function textOf(spans: Scene['lines'][number]): string {
  return spans.map(({ text }) => text).join('');
}

/** Replaces what changes from session to session; such a line keeps its first style. */
function settle(spans: Scene['lines'][number]): Scene['lines'][number] {
  const whole = textOf(spans);
  const settled = changing.reduce((text, [pattern, instead]) => text.replace(pattern, instead), whole);
  return settled === whole ? spans : [{ text: settled, style: spans[0]?.style ?? '' }];
}

/** The animated picture of both commands. */
export async function terminalPicture(): Promise<string> {
  return animate(await recordScenes(), pictured);
}

async function onTerminal(command: string, cwd: string): Promise<string> {
  const program = command.replace(/^leavers/, `${process.execPath} ${root}/bin/leavers.cjs`);
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    HOME: cwd,
    XDG_STATE_HOME: cwd,
    XDG_CONFIG_HOME: cwd,
    TERM: 'xterm',
    SHELL: '/bin/sh',
    LEAVERS_OPERATOR: '',
  };
  const child = spawn('script', ['-qec', `stty cols ${columns} rows 40; exec ${program}`, '/dev/null'], { cwd, env });
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (raw += text));
  await new Promise((resolve) => child.on('close', resolve));
  return raw;
}

/** Each picture of a page: how it is looked at. */
const views = {
  'plan.png': { page: 'plan', width: 1200, height: 900 },
  'report.png': { page: 'report', width: 1200, height: 860 },
  'report-phone.png': { page: 'report', width: 390, height: 844 },
} as const;

/** Makes both pages of a rehearsal, at a fixed time. */
async function makePages(desk: string): Promise<Readonly<Record<'plan' | 'report', string>>> {
  const paths = { plan: join(desk, 'plan.html'), report: join(desk, 'report.html') };
  const began = performance.now();
  const options = { now: () => noon + Math.round(performance.now() - began) };
  const allow = ['remove-user', 'invite-user', 'delete-group'].flatMap((name) => ['--allow', name]);
  const input = ['samples/leavers.csv', '--sandbox', 'samples/org.json', ...allow];
  const report = join(desk, 'leavers.ndjson');
  await leavers(['plan', ...input, '--html', paths.plan], options);
  await leavers(['run', ...input, '--report', report], options);
  await leavers(['report', report, '--html', paths.report], options);
  return paths;
}

/** Takes every picture of a page, and returns the texts in it. */
export async function photograph(
  browser: Browser,
  keep?: (name: string, png: Buffer) => void,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const desk = mkdtempSync(join(tmpdir(), 'leavers-pictures-'));
  try {
    const pages = await makePages(desk);
    const texts: Record<string, readonly string[]> = {};
    for (const [name, { page: kind, width, height }] of Object.entries(views)) {
      const context = await browser.newContext({ viewport: { width, height }, timezoneId: 'Europe/Berlin' });
      const page = await context.newPage();
      await page.goto(`file://${pages[kind]}`);
      if (keep !== undefined) keep(name, await page.screenshot());
      texts[name] = await page
        .locator('h1, h2, h3, header p, .tiles a, .causes p')
        .evaluateAll((all) =>
          all
            .filter((each) => each.getBoundingClientRect().top < innerHeight)
            .map((each) => (each as HTMLElement).innerText),
        );
      await context.close();
    }
    return texts;
  } finally {
    rmSync(desk, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'terminal.svg'), await terminalPicture());
  const browser = await openBrowser().catch(() => undefined);
  if (browser === undefined)
    process.stderr.write('no browser starts here: the pictures of the pages stay as they are\n');
  else {
    const texts = await photograph(browser, (name, png) => writeFileSync(join(folder, name), png));
    writeFileSync(join(folder, 'texts.json'), `${JSON.stringify(texts, null, 2)}\n`);
    await browser.close();
  }
}
