// Being watched: pings around a run, figures for Prometheus, a limit of time. None of them changes what the run does.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk, manifest, path, rowsOf, scenario } from '../../support/scenario.ts';
import { ndjson } from '../../support/spawn.ts';

/** A monitor that keeps what it is told and answers as it is asked to. */
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
    expect(samples.get('leavers_rows{action="suspend-user",outcome="done"}')).toBe(1);
    expect(samples.get('leavers_rows{action="suspend-user",outcome="already"}')).toBe(2);
    expect(samples.get('leavers_exit_code{}')).toBe(0);
    expect(samples.get('leavers_last_success_timestamp_seconds{}')).toBeGreaterThan(1_700_000_000);
    expect(readdirSync(desk).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('that can not be written is told, and the run ends as it has', async () => {
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
