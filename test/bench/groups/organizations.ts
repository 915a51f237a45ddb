// Fifty organizations in one process, each under its own limit: how far the slowest is behind its own ideal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { door, measure, openServer, room } from '../child.ts';
import { type Figure, ratios } from '../figure.ts';
import { writeRows } from '../rows.ts';

const [count, rows, speed] = [50, 120, 3];

export async function organizations(_rounds: number): Promise<Figure[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => openServer({ latencyMs: 5 })));
  const key = join(room, 'key');
  writeFileSync(key, 'bench-key', { mode: 0o600 });
  const list = servers.map(({ url }, at) => ({
    name: `org-${at}`,
    orgId: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    apiKeyFile: key,
    manifests: [writeRows('ids', rows)],
    report: join(room, `org-${at}.ndjson`),
    baseUrl: url,
    directory: '00000000-0000-4000-8000-00000000d1d1',
  }));
  const file = join(room, 'organizations.json');
  writeFileSync(file, JSON.stringify({ organizations: list }));
  const { cpuMs } = await measure([door, 'run', '--organizations', file, '--yes', '--quiet', '--rate', `${speed}/s`]);
  const reports = await Promise.all(servers.map((server) => server.report()));
  for (const server of servers) server.stop();
  const behind = reports.map(({ calls, spanMs }) => spanMs / (((calls - 1) * 1000) / speed));
  const note = `${count} organizations × ${rows} rows at ${speed}/s on two cores, ${Math.round(cpuMs / 1000)} s of CPU`;
  return [
    {
      group: 'organizations',
      name: 'makespan of each ÷ its own ideal',
      ...ratios(behind),
      bar: { atMost: 1.03 },
      note,
    },
  ];
}
