// How many calls real tasks need: a licence clean-up of everybody, an HR list of e-mails, and a list of account ids.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { door, measure, openServer, room, runEnv } from '../child.ts';
import type { Figure } from '../figure.ts';
import { writeRows } from '../rows.ts';
import { run } from './unpaced.ts';

export async function calls(_rounds: number): Promise<Figure[]> {
  const people = 13_500;
  const server = await openServer({ people });
  const api = ['--base-url', server.url, '--rate', 'none'];
  const { stdout } = await measure([door, 'inactive', '--days', '90', ...api], { env: runEnv });
  const list = join(room, 'inactive.ndjson');
  writeFileSync(list, stdout);
  const cleanUp = (await server.report()).calls;
  await server.set({});
  await run(writeRows('emails', 5000), server, ['--rate', 'none', '--concurrency', '16']);
  const { calls: all, changes } = await server.report();
  server.stop();
  const perLeaver = await callsPerLeaver(3000);
  return [
    {
      group: 'calls',
      name: 'licence clean-up, reads',
      value: cleanUp,
      bar: { atMost: 150 },
      note: `${people} people, \`inactive --days 90\`, v2`,
    },
    {
      group: 'calls',
      name: 'HR list, look-ups',
      value: all - changes,
      bar: { atMost: 51 },
      note: '5,000 e-mails suspended, v2',
    },
    {
      group: 'calls',
      name: 'calls per leaver, ids included',
      value: perLeaver,
      bar: { atMost: 1.02 },
      note: '3,000 account ids of 3,000 people suspended, v2; the server refuses filters above the published limits',
    },
  ];
}

/** All calls of a run that suspends everybody by account id, look-ups included, for each person. */
async function callsPerLeaver(people: number): Promise<number> {
  const server = await openServer({ people });
  await run(writeRows('ids', people), server, ['--rate', 'none', '--concurrency', '16']);
  const { calls: all } = await server.report();
  server.stop();
  return Math.round((1000 * all) / people) / 1000;
}
