// Whether memory grows with rows: runs of a hundred thousand and a million, and what reads such a report afterwards.
import { join } from 'node:path';
import { door, measure, openServer, room, runEnv } from '../child.ts';
import type { Figure } from '../figure.ts';
import { writeRows } from '../rows.ts';
import { run } from './unpaced.ts';

const [few, many] = [100_000, 1_000_000];
const flags = ['--rate', 'none', '--concurrency', '16'];

export async function memory(_rounds: number): Promise<Figure[]> {
  const server = await openServer();
  const manifest = writeRows('ids', many);
  const small = await run(writeRows('ids', few), server, flags);
  const large = await run(manifest, server, flags);
  const again = await measure(
    [door, 'run', manifest, '--base-url', server.url, '--report', large.report, '--resume', '--yes', '--quiet'],
    { env: runEnv },
  );
  server.stop();
  const note = `${many} rows, journal on disk, no limit`;
  const figure = (name: string, value: number, atMost: number, of = note): Figure => ({
    group: 'memory',
    name,
    value,
    bar: { atMost },
    note: of,
  });
  return [
    figure('a run of a million rows ÷ one of 100,000', large.rssMb / small.rssMb, 1.1),
    figure('a run of a million rows, MB', large.rssMb, 320),
    figure('resume over its finished report, MB', again.rssMb, 200),
    figure('resume over its finished report, s', again.wallMs / 1000, 20, 'wall time, nothing left to do'),
    ...(await readers(large.report)),
  ];
}

/** Commands that read a report, over the one of a million rows. */
async function readers(report: string): Promise<Figure[]> {
  const commands: readonly (readonly string[])[] = [
    ['report', report, '--json'],
    ['report', report, '--retry', join(room, 'retry.ndjson')],
    ['report', report, '--csv', join(room, 'rows.csv')],
    ['report', report, '--evidence', join(room, 'evidence.csv')],
    ['report', report, '--html', join(room, 'page.html')],
    ['verify', report],
    ['undo', report, '--out', join(room, 'undo.ndjson')],
  ];
  const figures: Figure[] = [];
  for (const [command = '', , ...more] of commands) {
    const { rssMb, wallMs } = await measure([door, command, report, ...more], { codes: [0, 1] });
    const note = `of a million rows, ${Math.round(wallMs / 1000)} s`;
    figures.push({
      group: 'memory',
      name: `\`${[command, ...more.slice(0, 1)].join(' ')}\`, MB`,
      value: rssMb,
      bar: undefined,
      note,
    });
  }
  return figures;
}
