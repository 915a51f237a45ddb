// Journals cut at every byte, with flipped bits, with lines edited, dropped, swapped and added: what resume and verify make of them.
import { readFileSync, writeFileSync } from 'node:fs';
import type { RowEnd, RunStart } from '../../src/report/events.ts';
import { createJournal, resumeJournal } from '../../src/report/journal/journal.ts';
import { verifyReport } from '../../src/report/read/verify-chain.ts';
import { world } from '../support/context.ts';
import { Scene, sequence } from './scene.ts';
import { type Figure, none } from './score.ts';

export const key = (n: number) => n.toString(16).padStart(8, '0').repeat(4);

export const start: RunStart = {
  event: 'run-start',
  tool: 'leavers',
  version: '0.0.0',
  org: 'o',
  api: 'v2',
  directory: null,
  manifests: [],
  job: null,
  operator: 'me',
  settings: {},
};

export const end = (n: number, outcome: RowEnd['outcome'] = 'done', name = `Person ${n} – Ünï "quoted"`): RowEnd => ({
  event: 'row',
  key: key(n),
  row: n,
  file: 'a.csv',
  line: n + 1,
  action: 'suspend-user',
  accountId: `557058:${n}`,
  email: null,
  groupId: null,
  groupName: null,
  reference: name,
  outcome,
  reason: null,
  status: 200,
  attempts: 1,
  ambiguous: false,
  ms: 3,
  message: null,
  error: null,
  result: null,
  fields: {},
});

/** A report of a run with so many rows, without its end. */
export async function writeJournal(path: string, rows: number): Promise<string> {
  const journal = await createJournal({ path, runId: 'r1', context: world() });
  const done = [journal.append(start)];
  for (let n = 1; n <= rows; n += 1)
    done.push(journal.append({ event: 'row-sent', key: key(n), row: n }), journal.append(end(n)));
  await Promise.all(done);
  await journal.close();
  return path;
}

/** Resumes every byte prefix of a report of so many rows: how many forgot what was whole, knew what was not, threw, or went on wrongly. */
export async function cutEverywhere(rows: number): Promise<{ prefixes: number; wrong: number }> {
  using scene = new Scene();
  const [bytes, cut] = [readFileSync(await writeJournal(scene.path('whole'), rows)), scene.path('cut')];
  let wrong = 0;
  for (let size = 0; size <= bytes.length; size += 1) {
    const prefix = bytes.subarray(0, size);
    writeFileSync(cut, prefix, { mode: 0o600 });
    const isRight = await resumeRight(cut, prefix.toString('latin1').split('\n').length - 1, rows).catch(() => false);
    if (!isRight) wrong += 1;
  }
  return { prefixes: bytes.length + 1, wrong };
}

/** Whether resume knows exactly what stands in so many whole lines, and goes on to a report that verifies. */
async function resumeRight(path: string, lines: number, rows: number): Promise<boolean> {
  const { journal, earlier } = await resumeJournal({ path, runId: 'r2', context: world() });
  let isRight = true;
  for (let n = 1; n <= rows; n += 1) {
    const isEnded = lines >= 1 + 2 * n;
    isRight &&=
      earlier.outcome({ key: key(n), action: 'suspend-user', fields: {} }) === (isEnded ? 'done' : undefined) &&
      earlier.isSentWithoutOutcome(key(n)) === (lines === 2 * n);
  }
  await journal.append(start);
  await journal.close();
  const verified = await verifyReport(path);
  return isRight && verified.ok && verified.lines === lines + 1;
}

/** Flips single bits all over a report: how many verify does not find. */
export async function flipBits(flips: number): Promise<{ flips: number; undetected: number }> {
  using scene = new Scene();
  const [bytes, path] = [readFileSync(await writeJournal(scene.path('whole'), 8)), scene.path('flipped')];
  let undetected = 0;
  for (let flip = 0; flip < flips; flip += 1) {
    const changed = Buffer.from(bytes);
    const at = (flip * 7919) % bytes.length;
    changed[at] = (changed[at] ?? 0) ^ (1 << (flip % 8));
    writeFileSync(path, changed);
    if ((await verifyReport(path)).ok) undetected += 1;
  }
  return { flips, undetected };
}

const touches: readonly ((lines: readonly string[], at: number, other: number) => string[])[] = [
  (lines, at) => lines.with(at, (lines[at] ?? '').replace('"schema":1', '"schema":2')),
  (lines, at) => lines.with(at, (lines[at] ?? '').replace(/"h":"./, '"h":"x')),
  (lines, at) => lines.toSpliced(at, 1),
  (lines, at, other) => lines.with(at, lines[other] ?? '').with(other, lines[at] ?? ''),
  (lines, at, other) => lines.toSpliced(at, 0, lines[other] ?? ''),
  (lines, at) => lines.toSpliced(at, 0, '{"time":"2026"}'),
];

/** Edits, drops, swaps and adds each line of a report: how many of these verify does not find. A cut end is no touch: only the head tells. */
export async function touchLines(rows: number): Promise<{ touches: number; undetected: number }> {
  using scene = new Scene();
  const path = scene.path('touched');
  const lines = readFileSync(await writeJournal(scene.path('whole'), rows), 'utf8')
    .trimEnd()
    .split('\n');
  const next = sequence(3);
  const score = { touches: 0, undetected: 0 };
  for (const touch of touches)
    for (let at = 0; at < lines.length; at += 1) {
      const other = Math.floor(next() * lines.length);
      const changed = touch(lines, at, other);
      if (changed.join() === lines.join() || changed.join() === lines.slice(0, -1).join()) continue;
      writeFileSync(path, `${changed.join('\n')}\n`);
      score.touches += 1;
      if ((await verifyReport(path)).ok) score.undetected += 1;
    }
  return score;
}

export async function journalFigures(rows: number, flips: number): Promise<Figure[]> {
  const [cuts, flipped, touched] = [await cutEverywhere(rows), await flipBits(flips), await touchLines(rows * 4)];
  return [
    none('A5', 'byte prefixes of a journal resumed wrongly', cuts.wrong, String(cuts.prefixes)),
    none('A6', 'bit flips undetected', flipped.undetected, String(flipped.flips)),
    none('D6', 'lines edited, dropped, swapped, added unseen', touched.undetected, String(touched.touches)),
  ];
}
