// `npm run torture [kills]`: prints the scoreboard of what a thousand kills lose, repeat, and leave unsaid.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup/program.ts';
import { runScoreboard } from './scoreboard.ts';
import { type KillScore, torture } from './kills.ts';

const kills = Number(process.argv[2] ?? 1000);
if (!Number.isInteger(kills) || kills < 1) throw new Error('usage: npm run torture -- [kills, a number from 1]');

const rolldown = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
execFileSync(process.execPath, [rolldown, '-c', 'rolldown.config.ts', '--logLevel', 'silent'], {
  cwd: root,
  stdio: 'ignore',
});

const row = (name: string, value: number | string, bar: string) =>
  process.stdout.write(`${name.padEnd(48)}${String(value).padStart(10)}   ${bar}\n`);
const progress = ({ kills: done }: KillScore) => void process.stderr.write(`${done} of ${kills} kills\n`);

const from = performance.now();
const score = await torture(kills, progress);
row('kills', score.kills, `${score.batches} batches of 300 rows, 8 in flight`);
row('rows lost', score.lost, 'bar 0');
row('rows carried out more than once, per kill', (score.repeated / score.kills).toFixed(2), 'bar 8 (in flight)');
row('most of them by one kill', score.worst, 'bar 8');
row('of them not marked ambiguous', score.unflagged, 'bar 0');
row('invitations doubled', score.doubled, 'bar 0');
row('rows left unknown for a person', score.unknown, '');
row('seconds', Math.round((performance.now() - from) / 1000), '');
const shown = runScoreboard();
for (const { name, hold, of, bar } of shown) row(name, `${hold}/${of}`, `hold; bar ${bar}`);
const holds = shown.every(({ hold, of }) => of > 0 && hold === of);
process.exitCode = holds && score.lost + score.unflagged + score.doubled === 0 && score.worst <= 8 ? 0 : 1;
