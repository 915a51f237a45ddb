// What comes out when names, ids and answers hold control characters and formulas: no byte of it may act on the program that shows it.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Fault } from '../../src/sandbox/faults.ts';
import { leavers } from '../support/in-process.ts';
import { person, serveCompany } from '../support/organization.ts';
import { writeReport } from '../support/report-fixture.ts';
import { Scene } from './scene.ts';
import { type Figure, none } from './score.ts';

const codes = [...Array.from({ length: 32 }, (_, n) => n), 0x7f, ...Array.from({ length: 32 }, (_, n) => 0x80 + n)];
const marks = [0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];
const evil = [...codes, ...marks].map((code) => `a${String.fromCodePoint(code)}b`).join('');
/** All of them but the line end, which the tool writes itself. */
const raw = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Hostile text in rows and in answers: control characters that came out raw, by output. */
export async function sayEvil(): Promise<{ outputs: number; raw: string[] }> {
  using scene = new Scene();
  const body = { errors: [{ code: evil, title: evil, detail: evil }], message: evil };
  const faults: Fault[] = [{ match: { path: 'suspend', every: 2 }, kind: 'status', status: 400, body }];
  await using company = await serveCompany(
    { people: 8, change: ({ groups }) => Object.assign((groups as object[])[2] ?? {}, { name: evil }) },
    { faults },
  );
  const rows = Array.from({ length: 6 }, (_, n) => ({
    action: 'suspend-user',
    email: person(n).email,
    reference: `r${n}`,
  }));
  const strange = [
    { action: 'delete-group', groupName: evil },
    { action: evil, email: evil, [evil]: evil },
    { email: evil },
  ];
  const [manifest, bad, report] = [scene.manifest(rows), scene.manifest(strange), scene.path('r.ndjson')];
  const { env } = company;
  const made = writeReport(scene.path('made.ndjson'), [
    { email: evil, reference: evil, message: evil, file: evil },
    {
      outcome: 'failed',
      groupName: evil,
      action: 'delete-group',
      error: { code: evil, title: evil, detail: evil, traceId: evil },
    },
  ]);
  const out = scene.path('undo.ndjson');
  const said = [
    await leavers(['run', manifest, '--report', report, '--yes', '--verbose', '--max-failures', '100%'], { env }),
    await leavers(['plan', manifest, '--verbose'], { env }),
    await leavers(['plan', bad], { env }),
    await leavers(['run', bad, '--yes', '--skip-invalid', '--allow', 'delete-group', '--report', scene.path('s')], {
      env,
    }),
    await leavers(['report', report, made]),
    await leavers(['report', report, made, '--json']),
    await leavers(['plan', bad, '--json', '--skip-invalid'], { env }),
    await leavers(['verify', made, '--json']),
    await leavers(['report', made, '--retry', '-']),
    await leavers(['verify', report, made]),
    await leavers(['undo', report, '--out', out]),
    await leavers(['undo', made]),
    await leavers([evil.replaceAll('\0', ''), '--x']),
  ].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const all = [...said, readFileSync(report, 'utf8'), readFileSync(out, 'utf8')];
  return { outputs: all.length, raw: all.flatMap((text) => text.replaceAll('\n', '').match(raw) ?? []) };
}

const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠a'];

/** Cells of tables that a spreadsheet would take for a formula. */
export async function writeFormulas(): Promise<{ cells: number; open: number }> {
  using scene = new Scene();
  const report = writeReport(
    scene.path('r.ndjson'),
    formulas.map((text) => ({ reference: text, message: text, email: text, groupName: text, file: text })),
  );
  let [cells, open] = [0, 0];
  for (const flag of ['--csv', '--evidence']) {
    const path = scene.path('t.csv');
    await leavers(['report', report, flag, path]);
    for (const cell of parse(readFileSync(path, 'utf8'), { bom: true, from: 2 }).flat()) {
      cells += 1;
      if (/^[=+\-@\t\r＝＋－＠]/.test(cell)) open += 1;
    }
  }
  return { cells, open };
}

export async function outputFigures(): Promise<Figure[]> {
  const [said, written] = [await sayEvil(), await writeFormulas()];
  return [
    none('C5', 'control characters that came out raw', said.raw.length, `${said.outputs} outputs`),
    none('C6', 'cells that are formulas', written.open, `${written.cells} cells`),
  ];
}
