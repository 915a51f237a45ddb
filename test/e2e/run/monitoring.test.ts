// Being watched: pings around a run, figures for Prometheus, a limit of time. None of them changes what the run does.
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk, manifest, path, rowsOf, scenario, suspend } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

/** A monitor that records its requests and answers all with one status, or never. */
async function openMonitor(status: number | 'silent') {
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(`${request.method} ${request.url}`);
    if (status !== 'silent') response.writeHead(status).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    told,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/5f1c`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('--ping', () => {
  it('tells start and success', async () => {
    await using s = await scenario({ people: 2 });
    await using monitor = await openMonitor(200);
    const args = ['run', manifest(2), '--report', path('r.ndjson'), '--yes', '--ping', monitor.url];
    expect((await s.leavers(args)).code).toBe(0);
    expect(monitor.told).toEqual(['POST /ping/5f1c/start', 'POST /ping/5f1c']);
  });

  it('puts the event before the query of the address', async () => {
    await using s = await scenario({ people: 1 });
    await using monitor = await openMonitor(200);
    await s.run([suspend(0), suspend(9)], ['--ping', `${monitor.url}?x=1`]);
    expect(monitor.told).toEqual(['POST /ping/5f1c/start?x=1', 'POST /ping/5f1c/4?x=1']);
  });

  it('goes through the proxy to an https address', async () => {
    await using s = await scenario({ people: 1 });
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { code, stderr } = await s.run(1, ['--ping', 'https://monitor.example.com/p?x=1'], { env: { HTTPS_PROXY } });
    expect([code, stderr]).toEqual([0, expect.stringContaining('the monitor could not be reached')]);
    expect(asked).toEqual(['monitor.example.com:443', 'monitor.example.com:443']);
    proxy.close();
  });

  it.each([
    ['rows that failed', 1, { match: { path: 'suspend' }, kind: 'status' as const, status: 403 }],
    ['a key that is refused', 77, { match: {}, kind: 'status' as const, status: 401 }],
  ])('tells %s by the exit code', async (_, code, fault) => {
    await using s = await scenario({ people: 2, faults: [fault] });
    await using monitor = await openMonitor(200);
    const args = [
      'run',
      manifest(2),
      '--report',
      path('r.ndjson'),
      '--yes',
      '--ping',
      monitor.url,
      '--max-failures',
      '9',
    ];
    expect((await s.leavers(args)).code).toBe(code);
    expect(monitor.told.at(-1)).toBe(`POST /ping/5f1c/${code}`);
  });

  it.each([
    ['answers 500', 500],
    ['is not there', undefined],
  ])('changes nothing when the monitor %s, and does not print its address', async (_, status) => {
    await using s = await scenario({ people: 2 });
    await using monitor = await openMonitor(status ?? 200);
    const url = status === undefined ? 'http://127.0.0.1:9/secret-uuid' : monitor.url;
    const args = ['run', manifest(2), '--report', path('r.ndjson'), '--yes', '--ping', url];
    const { code, stderr } = await s.leavers(args);
    expect([code, s.changes().length]).toEqual([0, 2]);
    expect(stderr).toContain('warning: the monitor');
    expect(stderr).not.toMatch(/5f1c|secret-uuid/);
  });
});

/** A key file that only its owner can read. */
function keyFile(): string {
  const at = path('key');
  writeFileSync(at, 'sandbox', { mode: 0o600 });
  return at;
}

/** Prometheus text as name{labels} → value; throws on a line that is neither a comment nor a sample. */
function parseMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  return new Map(
    samples.map((line) => {
      const [, name = '', value = ''] =
        /^([a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*\}) (-?[\d.e+]+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`not a sample: ${line}`);
      return [name.replace(/org="[^"]*",job="[^"]*",?/, ''), Number(value)];
    }),
  );
}

describe('--metrics-file', () => {
  it('holds the figures of the last run, replaced in one step', async () => {
    await using s = await scenario({ people: 3 });
    const file = path('leavers.prom');
    for (const rows of [2, 3]) {
      const args = ['run', manifest(rows), '--report', path('r.ndjson'), '--yes', '--metrics-file', file];
      await s.leavers(args);
    }
    const samples = parseMetrics(readFileSync(file, 'utf8'));
    expect(samples.get('leavers_rows{action="suspend-user",outcome="done",reason=""}')).toBe(1);
    expect(samples.get('leavers_rows{action="suspend-user",outcome="already",reason=""}')).toBe(2);
    expect(samples.get('leavers_exit_code{}')).toBe(0);
    expect(samples.get('leavers_last_success_timestamp_seconds{}')).toBeGreaterThan(1_700_000_000);
    expect(readdirSync(desk).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  const figure = (file: string, name: string) => parseMetrics(readFileSync(file, 'utf8')).get(`leavers_${name}{}`);

  it.each([
    ['without a key', 78, ['--org-id', 'x'], { ATLASSIAN_API_KEY: '' }],
    ['without its manifest', 66, ['--protect', '/nowhere'], {}],
    ['that a guard refuses', 78, ['--min-rows', '9'], {}],
    ['whose flag is wrong', 64, ['--rate', 'fast'], {}],
  ])('is written by a run %s, with exit code %i, and keeps the last success', async (_, code, flags, env) => {
    await using s = await scenario({ people: 2 });
    const [file, m] = [path('m.prom'), manifest(2)];
    const args = (report: string) => ['run', m, '--report', report, '--resume', '--yes', '--metrics-file', file];
    const report = path('r.ndjson');
    await s.leavers(args(report));
    const success = figure(file, 'last_success_timestamp_seconds');
    const ended = await s.leavers([...args(report), ...flags], { env });
    expect([ended.code, figure(file, 'exit_code')]).toEqual([code, code]);
    if (!flags.includes('--org-id')) expect(figure(file, 'last_success_timestamp_seconds')).toBe(success);
  });

  it('counts rows by reason, who was left out, and the age of the manifest', async () => {
    await using s = await scenario({ people: 1 });
    const [file, m] = [path('m.prom'), manifest(2)];
    utimesSync(m, new Date(), new Date(Date.now() - 3_600_000));
    expect((await s.run(m, ['--metrics-file', file])).code).toBe(4);
    const samples = parseMetrics(readFileSync(file, 'utf8'));
    const skipped = 'leavers_rows{action="suspend-user",outcome="skipped",reason="not-found"}';
    expect([samples.get(skipped), figure(file, 'left_out'), figure(file, 'exit_code')]).toEqual([1, 1, 4]);
    expect(figure(file, 'input_age_seconds')).toBeGreaterThanOrEqual(3600);
    expect(figure(file, 'last_success_timestamp_seconds')).toBeUndefined();
  });

  it('is not blocked by the temporary file of a killed run, and neither a dry run nor a rehearsal is a success', async () => {
    await using s = await scenario({ people: 1 });
    const file = path('m.prom');
    writeFileSync(`${file}.1.tmp`, 'draft');
    writeFileSync(`${file}.${process.pid}.tmp`, 'draft');
    const args = ['run', manifest(1), '--dry-run', '--metrics-file', file];
    const rehearsal = ['run', 'samples/personio.csv', '--job', 'personio', '--sandbox', '--max-changes', '9'];
    for (const each of [args, [...rehearsal, '--report', path('r.ndjson'), '--metrics-file', file]]) {
      await s.leavers(each);
      expect([figure(file, 'exit_code'), figure(file, 'last_success_timestamp_seconds')]).toEqual([0, undefined]);
    }
  });

  it('holds all organizations of a list', async () => {
    await using s = await scenario({ people: 2 });
    const [file, list] = [path('m.prom'), path('o.json')];
    const entry = (n: number, manifests: string[]) => ({
      name: `o${n}`,
      orgId: n === 0 ? s.env.ATLASSIAN_ORG_ID : `6665a2c0-4644-4c88-9b2c-68cc0b1d15b${n}`,
      apiKeyFile: keyFile(),
      manifests,
      report: path('r.ndjson'),
    });
    const organizations = [entry(0, [manifest(1)]), entry(1, ['/nowhere']), entry(2, [manifest(1)])];
    writeFileSync(list, JSON.stringify({ organizations }));
    await s.leavers(['run', '--organizations', list, '--yes', '--metrics-file', file]);
    const codes = readFileSync(file, 'utf8').match(/^leavers_exit_code\{org="[^"]*",job="[^"]*"\} \d+$/gm) ?? [];
    expect(codes.map((line) => line.split(' ')[1])).toEqual(['0', '66', expect.stringMatching(/^7/)]);
    expect(readFileSync(file, 'utf8').match(/# TYPE leavers_exit_code/g)).toHaveLength(1);
  });

  it("that can't be written is reported, and the run ends with its own exit code", async () => {
    await using s = await scenario({ people: 1 });
    const args = [
      'run',
      manifest(1),
      '--report',
      path('r.ndjson'),
      '--yes',
      '--metrics-file',
      join(desk, 'no', 'm.prom'),
    ];
    const { code, stderr } = await s.leavers(args);
    expect([code, stderr]).toEqual([0, expect.stringContaining('the metrics could not be written (ENOENT)')]);
  });
});

describe('--max-duration', () => {
  it('ends a run that takes longer with 75, cleanly, and resume makes the rest', async () => {
    await using s = await scenario({ people: 30 });
    const [m, report] = [manifest(30), path('r.ndjson')];
    const args = ['run', m, '--report', report, '--yes', '--resume'];
    const { code, stderr } = await s.leavers([...args, '--rate', '10/s', '--max-duration', '1s']);
    expect([code, stderr]).toEqual([75, expect.stringContaining('--max-duration')]);
    expect(ndjson(report).at(-1)).toMatchObject({ event: 'run-end', outcome: 'stopped' });
    const rows = rowsOf(report);
    expect(rows.filter(({ attempts }) => Number(attempts) > 0)).toHaveLength(s.changes().length);
    // Announced, but never sent: nobody has to wonder about them.
    expect(rows.filter(({ attempts, ambiguous }) => attempts === 0 && ambiguous === true)).toEqual([]);
    expect((await s.leavers(args)).code).toBe(0);
    expect(s.changes()).toHaveLength(30);
  });
});
