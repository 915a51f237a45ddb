// What a person sees on a terminal: plan, bar, log lines, question and recap, at 80 and 120 columns, and nothing animated where nobody looks.
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/config/flags/flag.ts';
import { person } from '../../support/organization.ts';
import { leavers } from '../../support/in-process.ts';
import { allowAll, file, path, scenario } from '../../support/scenario.ts';
import { onTerminal } from '../../support/pty.ts';

const sample = ['samples/leavers.csv', '--sandbox', 'samples/org.json', ...allowAll];
const isBar = (line: string) => /^[█░]+ /.test(line);

function manifest(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => `suspend-user,${person(n).email}`);
  return file('people.csv', ['action,email', ...lines, ''].join('\n'));
}

const busy = (nth: number, status: number, headers = {}) => ({
  match: { path: 'suspend', nth },
  kind: 'status' as const,
  status,
  headers,
});

describe('a plan', () => {
  it.each([80, 120])('on %i columns is a table by action that fits', async (columns) => {
    const { lines, code } = await onTerminal(['plan', ...sample], { columns });
    const longest = Math.max(...lines.filter((line) => !line.startsWith('Next:')).map((line) => line.length));
    expect([code, longest <= columns]).toEqual([0, true]);
    expect(lines).toContain('  suspend-user                    5        1        1        4');
    expect(lines.indexOf("These can't be undone:")).toBeGreaterThan(
      lines.findIndex((line) => /revoke-user/.test(line)),
    );
  });

  it('names who is left out and why, what it costs, and the command to type, flags and all', async () => {
    const { stdout, stderr } = await leavers(['plan', ...sample]);
    expect(stdout).toContain('– 1 skipped (not-found): nobody.knows@example.com (samples/leavers.csv:14)');
    expect(stdout).toContain('seats freed: 6 × confluence, 4 × jira-software');
    expect(stdout).toContain('seats taken: up to 1 × jira-software, those of 1 restored person');
    expect(stdout).toContain(
      '17 to change, 1 to read, 1 already done, 1 held, 4 skipped; 23 calls, about 8 s at 180 per',
    );
    expect(stderr).toContain(`Next: leavers run samples/leavers.csv ${allowAll.join(' ')} --sandbox samples/org.json`);
  });

  it('is not followed by a command that would be refused', async () => {
    const { stderr } = await leavers(['plan', 'samples/leavers.csv', '--sandbox', 'samples/org.json']);
    expect(stderr).not.toContain('Next:');
  });

  it('that was saved is run with what its job allowed, and without the job', async () => {
    const args = [
      'plan',
      'samples/workday.csv',
      '--job',
      'jobs/two-stage.json',
      '--sandbox',
      '--out',
      path('p.ndjson'),
    ];
    const { stderr } = await leavers(args);
    expect(stderr).toMatch(/Next: leavers run \S+p\.ndjson --sandbox --allow remove-user$/m);
  });
});

describe('the bar', () => {
  it.each([80, 120])('on %i columns counts the wait for the limit down, and stays in its line', async (columns) => {
    await using s = await scenario({ people: 40, faults: [busy(20, 429, { 'retry-after': '2' })] });
    const args = ['run', manifest(40), '--yes', '--verbose', '--report', path('r.ndjson')];
    const { lines } = await onTerminal(args, { columns, env: { ...s.env, LEAVERS_RATE: '40/s' } });
    const bars = lines.filter(isBar);
    expect(Math.max(...bars.map((line) => line.length))).toBeLessThan(columns);
    // Lines above the bar are wrapped too.
    expect(lines.filter((line) => line.length > columns && !line.startsWith('Next'))).toEqual([]);
    const waits = new Set(bars.flatMap((line) => /waiting for the rate limit, (\d) s/.exec(line)?.[1] ?? []));
    expect(waits.size).toBeGreaterThan(1);
    expect(bars.at(-1)).toMatch(/^█+░* \d+\/40 · \d+ done · 0 failed/);
  });

  it('has failures above it as they happen, and leaves nothing behind', async () => {
    await using s = await scenario({ people: 30, faults: [busy(9, 403)] });
    const args = ['run', manifest(30), '--yes', '--report', path('r.ndjson')];
    const { lines, raw, code } = await onTerminal(args, { columns: 100, env: { ...s.env, LEAVERS_RATE: '40/s' } });
    expect([code, lines.filter((line) => /^✗ .*people\.csv:\d+ suspend-user person\d+@/.test(line)).length]).toEqual([
      1, 1,
    ]);
    // Neither the cursor nor the wrapping of lines is changed: a second signal may end the process at any time.
    expect(raw).not.toMatch(/\[\?(25|7)[lh]/);
  });

  it('lets the words of a first signal stand above it', async () => {
    await using s = await scenario({ people: 60 });
    const args = ['run', manifest(60), '--yes', '--report', path('r.ndjson')];
    const env = { ...s.env, LEAVERS_RATE: '20/s' };
    const { lines, code } = await onTerminal(args, { columns: 80, env, type: [[' done', '\u0003']] });
    expect([code, lines.filter((line) => line.includes('SIGINT: finishing calls in progress')).length]).toEqual([
      130, 1,
    ]);
    expect(lines.find((line) => line.includes('SIGINT'))).toMatch(/^(\^C)?SIGINT/);
    expect(lines.join('\n')).toMatch(/did not reach\s+its\s+end;\s+\d+\s+rows\s+were\s+not\s+reached/);
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }])('is not there with %o', async (env) => {
    await using s = await scenario({ people: 5 });
    const args = ['run', manifest(5), '--yes', '--report', path('r.ndjson')];
    const { lines } = await onTerminal(args, { columns: 80, env: { ...s.env, ...env } });
    expect(lines.filter(isBar)).toEqual([]);
  });
});

describe('help', () => {
  it('is wrapped to the terminal, in its column', async () => {
    const { lines } = await onTerminal(['run', '-h'], { columns: 80 });
    expect(lines.filter((line) => line.length > 80 && !line.includes('# '))).toEqual([]);
    expect(lines.filter((line) => /^ {30}\S/.test(line)).length).toBeGreaterThan(5);
  });
});

describe('help in a pipe', () => {
  it.each(['', ...commandNames])('of %s is at most 80 columns wide', async (name) => {
    const { stdout } = await leavers([...(name === '' ? [] : [name]), '--help']);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('colour', () => {
  it('is there on a terminal, and gone with NO_COLOR, on a dumb one and in a pipe', async () => {
    const colour = String.fromCharCode(27);
    const isColoured = async (env: Record<string, string>) =>
      (await onTerminal(['plan', ...sample], { columns: 80, env })).raw.includes(`${colour}[32m`);
    expect([await isColoured({}), await isColoured({ NO_COLOR: '1' }), await isColoured({ TERM: 'dumb' })]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await leavers(['plan', ...sample], { env: { NO_COLOR: '' } })).stdout).not.toContain(colour);
  });
});

describe('a question', () => {
  const ask = async (answer: string, args: readonly string[] = []) => {
    await using s = await scenario({ people: 2 });
    const run = ['run', manifest(2), '--report', path('r.ndjson'), ...args];
    const shown = await onTerminal(run, { columns: 80, env: s.env, type: [['to continue:', answer]] });
    return [shown.code, s.changes().length];
  };

  it('is answered with yes, and anything else sends nothing', async () => {
    expect([await ask('yes\r'), await ask('y\r'), await ask('\u0004')]).toEqual([
      [0, 2],
      [78, 0],
      [78, 0],
    ]);
  });

  it('is asked on the terminal itself while the manifest comes from a pipe', async () => {
    await using s = await scenario({ people: 2 });
    const wanted = { columns: 80, env: s.env, pipe: manifest(2) };
    const run = ['run', '-', '--report', path('r.ndjson')];
    const yes = await onTerminal(run, { ...wanted, type: [['to continue:', 'yes\r']] });
    expect([yes.code, s.changes().length]).toEqual([0, 2]);
  });

  it('that Ctrl+C ends sends nothing', async () => {
    const [code, changes] = await ask('\u0003');
    expect([[78, 130].includes(Number(code)), changes]).toEqual([true, 0]);
  });
});

describe('the recap', () => {
  it('is a table of outcomes, causes with hints and examples, what it cost, where it lies, and what to type', async () => {
    const faults = [busy(3, 403), busy(6, 429, { 'retry-after': '1' })];
    await using s = await scenario({ people: 12, faults });
    const [people, report] = [manifest(12), path('r.ndjson')];
    const args = ['run', people, '--yes', '--report', report, '--max-failures', '5', '--metrics-file', path('m.prom')];
    const { stdout } = await s.leavers(args);
    expect(stdout).toMatch(
      /^Organization \S+, API v2\n {18}done {2}failed\n {2}suspend-user {6}11 {7}1\n✗ 1 × failed: HTTP 403/,
    );
    expect(stdout).toMatch(/people\.csv:\d+ person\d+@example\.com\n {4}→ /);
    expect(stdout).toMatch(
      /Requests {2}\d+ in [\d.]+ s · rate-limited once \(\d s\)\nSlowest {3}\S+ m?s \S+:\d+ person\d+@/,
    );
    expect(stdout).toMatch(
      /11 of 12 rows succeeded or needed no change, 1 failed, 0 unconfirmed\.\nReport {4}\S+\nMetrics {3}\S+\n/,
    );
    expect(stdout).toContain(`Next      leavers run ${people} `);
    expect(stdout).toMatch(/--max-failures 5 .*--resume\n$/);
  });

  it('after a run without trouble says how to show it', async () => {
    const report = path('r.ndjson');
    const accept = ['--accept', 'admin', '--accept', 'not-found'];
    const { stdout } = await leavers(['run', ...sample, ...accept, '--rate', 'none', '--report', report]);
    expect(stdout).toContain(`Next      leavers report ${report} --html ${report.replace('.ndjson', '.html')}`);
  });

  it('prints the next commands after undo and retry, with what they need', async () => {
    const [report, back] = [path('r.ndjson'), path('back.ndjson')];
    await leavers(['run', ...sample, '--rate', 'none', '--report', report]);
    const { stderr } = await leavers(['undo', report, '--out', back]);
    expect(stderr).toMatch(new RegExp(`Next: leavers run ${back} (--allow (invite-user|delete-group) ?){2}`));
    const retry = await leavers(['report', report, '--retry', path('again.ndjson')]);
    expect(retry.stderr).toMatch(/Next: leavers run \S+again\.ndjson --sandbox$/m);
  });
});

describe('--log-format json', () => {
  it('makes a line of JSON of everything on stderr, and nothing is drawn', async () => {
    await using s = await scenario({ people: 3, faults: [busy(2, 403)] });
    const args = [
      'run',
      manifest(3),
      '--yes',
      '--report',
      path('r.ndjson'),
      '--log-format',
      'json',
      '--max-failures',
      '0',
    ];
    const { stderr } = await s.leavers(args);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; message: string });
    expect(lines.map(({ level }) => level)).toEqual(['info', 'info', 'error']);
    expect(lines[0]?.message).toContain('Plan: 3 to change');
  });
});

describe('--verbose', () => {
  it('says every row as it ends', async () => {
    await using s = await scenario({ people: 3 });
    const { stderr } = await s.leavers(['run', manifest(3), '--yes', '--report', path('r.ndjson'), '-v']);
    expect(stderr.match(/^✓ \S+people\.csv:\d suspend-user person\d@example\.com: done/gm)).toHaveLength(3);
  });
});

describe('inactive', () => {
  it('shows people with their last active day', async () => {
    await using s = await scenario({ people: 2 });
    const { lines, code } = await onTerminal(['inactive', '--days', '90'], { columns: 100, env: s.env });
    expect([
      code,
      lines.filter((line) => /^2026-01-02 {2}person\d@example\.com +Person \d$/.test(line)).length,
    ]).toEqual([0, 2]);
  });
});
