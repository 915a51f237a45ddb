// `npm run bench [-- group … --rounds N --json FILE --write]`: figures as ratios of one run on this machine. Never part of the suite.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figure, renderFigures } from './figure.ts';
import { calls } from './groups/calls.ts';
import { memory } from './groups/memory.ts';
import { organizations } from './groups/organizations.ts';
import { pace, quick, slower } from './groups/pace.ts';
import { planning } from './groups/planning.ts';
import { startup } from './groups/startup.ts';
import { latency, unpaced } from './groups/unpaced.ts';

const groups = { startup, planning, unpaced, latency, calls, memory, organizations, slower, pace, quick } as const;
type Group = keyof typeof groups;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function wanted(): Group[] {
  const names = Object.keys(groups) as Group[];
  const strange = positionals.find((name) => !names.includes(name as Group));
  if (strange !== undefined)
    throw new Error(`${strange} is no group of benchmarks; the groups are ${names.join(', ')}`);
  return positionals.length === 0 ? names : names.filter((name) => positionals.includes(name));
}

/** Figures that the file of `--json` has from before, of what was not measured now. */
function earlier(): Figure[] {
  if (values.json === undefined || !existsSync(values.json)) return [];
  const before = JSON.parse(readFileSync(values.json, 'utf8')) as { readonly figures: readonly Figure[] };
  return before.figures.filter(({ name }) => !figures.some((each) => each.name === name));
}

const root = join(import.meta.dirname, '..', '..');
execFileSync(process.execPath, ['build.ts'], { cwd: root, stdio: 'inherit' });
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
const figures: Figure[] = [];
for (const name of wanted()) {
  process.stderr.write(`${name} …\n`);
  const found = await groups[name](Number(values.rounds));
  process.stderr.write(`${renderFigures(found)}\n`);
  figures.push(...found);
}
const all = [...earlier(), ...figures];
const table = renderFigures(all);
process.stdout.write(`${table}\n\nMeasured on ${machine}.\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, figures: all }, null, 2)}\n`);
if (values.write) {
  const path = join(root, 'docs', 'benchmarks.md');
  const day = new Date().toISOString().slice(0, 10);
  const made = `<!-- bench:start -->\n${table}\n\nMeasured on ${day} by \`npm run bench\`, on ${machine}.\n<!-- bench:end -->`;
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/<!-- bench:start -->[^]*<!-- bench:end -->/, () => made),
  );
}
