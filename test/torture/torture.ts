// `npm run torture`: prints the scoreboard. `--kills 50` and the like say how often, `--only A1,B3` which rows, `--short` a tenth of everything.
import { parseArgs } from 'node:util';
import buildIfStale from '../support/build.ts';
import { type Amounts, type Figure, full } from './score.ts';
import { notOurs, trials } from './trials.ts';

const names = Object.keys(full) as (keyof typeof full)[];
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});

/** How often, by the flag, else in full, or with `--short` a tenth of it. */
function amountOf(name: keyof typeof full): number {
  const given: unknown = (values as Readonly<Record<string, unknown>>)[name];
  const amount = typeof given === 'string' ? Number(given) : Math.ceil(full[name] / (values.short ? 10 : 1));
  if (Number.isInteger(amount) && amount > 0) return amount;
  throw new Error(`--${name} is a number from 1, by itself ${full[name]}`);
}

const amounts = Object.fromEntries(names.map((name) => [name, amountOf(name)])) as Amounts;
const only = typeof values.only === 'string' ? values.only.split(',') : undefined;

buildIfStale();

const tell = (words: string) => void process.stderr.write(`${words}\n`);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const columns = ({ id, name, figure, target, holds }: Figure) =>
  `${id.padEnd(4)}${holds ? 'pass ' : 'SHORT'}  ${name.padEnd(52)} ${figure}   (target ${target})`;

const figures: Figure[] = [];
for (const trial of trials.filter(({ ids }) => only === undefined || ids.some((id) => only.includes(id)))) {
  tell(`${trial.ids.join(', ')} …`);
  const from = performance.now();
  const made = await trial.run(amounts, tell).catch((error: unknown): Figure[] => [
    {
      id: trial.ids[0] ?? '',
      name: 'could not be measured',
      figure: String(error),
      target: 'a figure',
      holds: false,
    },
  ]);
  figures.push(...made);
  for (const figure of made) say(columns(figure));
  tell(`${trial.ids.join(', ')}: ${((performance.now() - from) / 1000).toFixed(0)} s`);
}
if (only === undefined) for (const [id, why] of Object.entries(notOurs)) say(`${id}: not measured here: ${why}`);
const short = figures.filter(({ holds }) => !holds).length;
say(`${figures.length} figures, ${figures.length - short} pass, ${short} fall short`);
process.exitCode = short === 0 ? 0 : 1;
