// How fast a manifest is read, checked and planned without a call, against its parser alone; and how much memory that takes.
import { join } from 'node:path';
import { door, measure } from '../child.ts';
import { type Figure, ratios } from '../figure.ts';
import { writeRows } from '../rows.ts';

const rows = 1_000_000;

export async function planning(rounds: number): Promise<Figure[]> {
  const csv = await against('csv', 'csv.ts', rounds);
  const ndjson = await against('ndjson', 'lines.ts', rounds);
  const note = `CPU of the parser alone ÷ CPU of \`plan --offline\`, ${rows} rows`;
  return [
    { group: 'planning', name: 'CSV', ...ratios(csv.ratio), bar: { atLeast: 0.5 }, note },
    { group: 'planning', name: 'NDJSON', ...ratios(ndjson.ratio), bar: { atLeast: 0.4 }, note },
    {
      group: 'memory',
      name: `\`plan --offline\` of ${rows} rows, MB`,
      ...ratios(csv.rssMb),
      bar: { atMost: 150 },
      note: 'most resident memory, CSV',
    },
  ];
}

async function against(form: 'csv' | 'ndjson', baseline: string, rounds: number) {
  const file = writeRows(form, rows);
  const [ratio, rssMb]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await measure([join(import.meta.dirname, '..', 'baselines', baseline), file]);
    const plan = await measure([door, 'plan', file, '--offline', '--max-changes', '100000000']);
    ratio.push(bare.cpuMs / plan.cpuMs);
    rssMb.push(plan.rssMb);
  }
  return { ratio, rssMb };
}
