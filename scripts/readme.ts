// What is generated for readers, the tables of README and the schema of job files: rendered from the code, written by `npm run docs`, compared by test/docs.test.ts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions } from '../src/actions/table.ts';
import type { Action } from '../src/actions/action.ts';
import { commands } from '../src/cli/registry.ts';
import { exitCodes } from '../src/errors.ts';
import { commandNames, type Flag } from '../src/config/flags/flag.ts';
import { jobFileSchema } from '../src/manifest/job/schema.ts';
import { flags } from '../src/config/flags/flag-table.ts';
import { z } from 'zod';
import { manPage } from './man.ts';

const meanings: Readonly<Record<number, string>> = {
  0: 'everything done, or nothing to do',
  1: 'finished, some rows failed or are invalid',
  2: '`plan --detailed-exitcode`: changes pending',
  3: 'finished, some rows are `unknown`: a person must look',
  64: 'wrong usage',
  65: 'manifest, job file or report is invalid; nothing sent',
  66: 'an input file is missing or unreadable',
  70: 'a bug: please report',
  73: "the report can't be created",
  74: 'the report could not be written during the run; no call was made after that',
  75: 'stopped early, resume continues: failure limit, time budget, API down, another run holds the lock',
  77: 'the API refuses the key',
  78: 'configuration missing, or a guard refused the plan; nothing sent',
  130: 'interrupted (SIGINT); what was under way is finished and reported',
  143: 'interrupted (SIGTERM); what was under way is finished and reported',
};

/** What stands between a part's markers. */
export function between(text: string, part: string): string {
  const [from, to] = [`<!-- ${part}:start -->\n`, `<!-- ${part}:end -->`];
  return text.slice(text.indexOf(from) + from.length, text.indexOf(to));
}

/** The table of actions. */
export function actionsTable(): string {
  const rows = Object.values<Action>(actions).map(({ name, needs, takes, risk, summary }) => {
    const optional = takes.length === 0 ? '' : takes.join(', ');
    return `| \`${name}\` | ${needs.join(', ')} | ${optional} | ${risk} | ${summary} |`;
  });
  return ['| action | needs | takes | risk | what it does |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}

/** The table of commands. */
export function commandsTable(): string {
  const rows = commandNames.map((name) => {
    const { args, summary, examples } = commands[name];
    const example = examples[0]?.[0] ?? '';
    return `| \`${`leavers ${name} ${args}`.trim().replaceAll('|', '\\|')}\` | ${summary} | \`leavers ${example}\` |`;
  });
  return ['| command | does | for example |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The table of exit codes. */
export function exitsTable(): string {
  const codes = [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b);
  return ['| code | meaning |', '|---|---|', ...codes.map((code) => `| ${code} | ${meanings[code]} |`), ''].join('\n');
}

/** The table of flags, by the headings of help. */
export function flagsTable(): string {
  const rows = (Object.entries(flags) as [string, Flag][]).map(([name, flag]) => {
    const words = [`--${name}`, ...(flag.alias === undefined ? [] : [`-${flag.alias}`])]
      .map((word) => `\`${word}\``)
      .join(', ');
    const value = flag.value === undefined ? '' : ` ${flag.value.replaceAll('|', '\\|')}`;
    const env = flag.env === undefined ? '' : `\`${flag.env}\``;
    return `| ${words}${value} | ${flag.on.join(', ')} | ${env} | ${flag.default ?? ''} | ${flag.describe.replaceAll('|', '\\|')} |`;
  });
  return ['| flag | commands | environment | default | what it does |', '|---|---|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

/** The JSON Schema (draft-07) of job files, for editors. */
export function jobSchema(): string {
  const schema = z.toJSONSchema(jobFileSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $id: 'job.schema.json', title: 'leavers job file', ...schema }, null, 2)}\n`;
}

/** The man page with the exit codes of README. */
export function man(): string {
  return manPage(
    [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b).map((code) => [code, meanings[code] ?? '']),
  );
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(join(import.meta.dirname, '..', 'man'), { recursive: true });
  writeFileSync(join(import.meta.dirname, '..', 'man', 'leavers.1'), man());
  writeFileSync(join(import.meta.dirname, '..', 'jobs', 'job.schema.json'), jobSchema());
  const path = join(import.meta.dirname, '..', 'README.md');
  const parts = { actions: actionsTable(), commands: commandsTable(), exits: exitsTable(), flags: flagsTable() };
  const text = Object.entries(parts).reduce(
    (readme, [part, table]) =>
      readme.replace(`<!-- ${part}:start -->\n${between(readme, part)}`, `<!-- ${part}:start -->\n${table}`),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
}
