// Generated documents: tables of README and docs/reference.md, the man page, the schema of job files. `npm run docs` writes them, a test compares them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { actions } from '../src/actions/action-table.ts';
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
  2: '`plan --detailed-exitcode`: changes pending; `reconcile`: list and directory differ',
  3: 'finished, some rows are `unknown`: a person must check them',
  4: 'finished; people on the list were left out and keep their access (`not-found`, `admin`, `protected`, `blocked`, `mismatch`, `unmanaged`), which no earlier run of the report said and `--accept` does not accept',
  64: 'wrong usage',
  65: 'manifest, job file or report is invalid; nothing sent',
  66: 'an input file is missing or unreadable',
  70: 'a bug: please report',
  73: "the report can't be created",
  74: 'the report could not be written during the run; no call was made after that',
  75: 'stopped early, resume continues: failure limit, time budget, API down, another run holds the lock',
  77: 'the API refuses the key',
  78: 'configuration missing, or a guard refused the plan; nothing sent',
  129: 'interrupted (SIGHUP); rows that were being sent are finished, for 10 s at most, and reported',
  130: 'interrupted (SIGINT); rows that were being sent are finished, for 10 s at most, and reported',
  143: 'interrupted (SIGTERM); rows that were being sent are finished, for 10 s at most, and reported',
};

/** The table of actions. */
function actionsTable(): string {
  const rows = Object.values<Action>(actions).map(({ name, needs, takes, risk, summary }) => {
    const optional = takes.length === 0 ? '' : takes.join(', ');
    return `| \`${name}\` | ${needs.join(', ')} | ${optional} | ${risk} | ${summary} |`;
  });
  return ['| action | needs | takes | risk | what it does |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}

/** The table of commands. */
function commandsTable(): string {
  const rows = commandNames.map((name) => {
    const { args, summary, examples } = commands[name];
    const example = examples[0]?.[0] ?? '';
    return `| \`${`leavers ${name} ${args}`.trim().replaceAll('|', '\\|')}\` | ${summary} | \`leavers ${example}\` |`;
  });
  return ['| command | does | for example |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The table of exit codes. */
function exitsTable(): string {
  const codes = [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b);
  return ['| code | meaning |', '|---|---|', ...codes.map((code) => `| ${code} | ${meanings[code]} |`), ''].join('\n');
}

/** `500`, or `500 (reconcile: 5%)` when a command has a default of its own. */
function defaultsOf({ default: standard = '', defaultOn = {} }: Flag): string {
  const own = Object.entries(defaultOn).map(([command, text]) => `${command}: ${text}`);
  return own.length === 0 ? standard : `${standard} (${own.join(', ')})`;
}

/** The table of flags, by the headings of help. */
function flagsTable(): string {
  const rows = (Object.entries(flags) as [string, Flag][]).map(([name, flag]) => {
    const words = [`--${name}`, ...(flag.alias === undefined ? [] : [`-${flag.alias}`])]
      .map((word) => `\`${word}\``)
      .join(', ');
    const value = flag.value === undefined ? '' : ` ${flag.value.replaceAll('|', '\\|')}`;
    const env = flag.env === undefined ? '' : `\`${flag.env}\``;
    return `| ${words}${value} | ${flag.on.join(', ')} | ${env} | ${defaultsOf(flag)} | ${flag.describe.replaceAll('|', '\\|')} |`;
  });
  return ['| flag | commands | environment | default | what it does |', '|---|---|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

/** The JSON Schema (draft-07) of job files, for editors. */
function jobSchema(): string {
  const schema = z.toJSONSchema(jobFileSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $id: 'job.schema.json', title: 'leavers job file', ...schema }, null, 2)}\n`;
}

/** The man page with the exit codes of README. */
function man(): string {
  return manPage(
    [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b).map((code) => [code, meanings[code] ?? '']),
  );
}

/** A text with the generated parts put between their markers, `<!-- part:start -->` and `<!-- part:end -->`. */
function withParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((whole, [part, table]) => {
    const [from, to] = [`<!-- ${part}:start -->\n`, `<!-- ${part}:end -->`];
    if (!whole.includes(from) || !whole.includes(to)) throw new Error(`no markers for ${part}`);
    return whole.slice(0, whole.indexOf(from) + from.length) + table + whole.slice(whole.indexOf(to));
  }, text);
}

const root = join(import.meta.dirname, '..');

/** Every file that is generated, whole or in part, with the content it should have. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const reference = { commands: commandsTable(), exits: exitsTable(), flags: flagsTable() };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return {
    'README.md': withParts(read('README.md'), { actions: actionsTable() }),
    'docs/reference.md': withParts(read('docs/reference.md'), reference),
    'man/leavers.1': man(),
    'jobs/job.schema.json': jobSchema(),
  };
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, content] of Object.entries(generatedFiles())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
