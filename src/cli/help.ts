// Renders help from the commands and flags that it is given: examples first. Pure; program.ts prints.
import type { Command } from '../commands/command.ts';
import { type CommandName, commandNames, defaultOf, type Flag, flagGroups, flagsOf } from '../config/flags/flag.ts';

/** The input of help and completion. */
export interface CommandTables {
  readonly commands: Readonly<Record<CommandName, Command>>;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** How help is shown. */
export interface HelpStyle {
  readonly bold: Bold;
  /** Columns of the terminal; default 80, for files and pipes. */
  readonly columns?: number | undefined;
}

type Bold = (text: string) => string;

/** Lines of at most `width` characters. Help is plain text, so it needs no width tables, which take longer to load than all of help. */
function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'gm'), '$1\n').trimEnd();
}

/** `leavers`: what it is, how to begin, the commands. */
export function renderOverview({ commands }: CommandTables, { bold, columns = 80 }: HelpStyle): string {
  const lines = commandNames.map(
    (name) => `  ${name.padEnd(12)}${hang(commands[name].summary, { width: 14, columns })}`,
  );
  return [
    'Bulk changes to the people and groups of an Atlassian organization, from a file.',
    '',
    bold('Examples:'),
    ...renderExamples(
      [
        ['template suspend-user > leavers.csv', 'a file to fill in'],
        ['plan leavers.csv', 'what would be done, and why'],
        ['run leavers.csv', 'apply it, after confirmation'],
        ['run leavers.csv --sandbox', 'rehearse it without an organization'],
      ],
      columns,
    ),
    '',
    bold('Commands:'),
    ...lines,
    '',
    'Run leavers <command> -h for the flags of a command, or read man leavers.',
  ].join('\n');
}

/** `leavers <command> -h`. */
export function renderHelp(
  name: CommandName,
  { commands, flags }: CommandTables,
  { bold, columns = 80 }: HelpStyle,
): string {
  const { args, summary, about, examples } = commands[name];
  const own = flagsOf(flags, name);
  const groups = flagGroups
    .map((group) => ({ group, of: own.filter(([, flag]) => flag.group === group) }))
    .filter(({ of }) => of.length > 0);
  const width = Math.max(...own.map((flag) => head(flag).length)) + 2;
  return [
    wrap(summary, columns),
    ...(about === undefined ? [] : [wrap(about, columns)]),
    '',
    bold('Examples:'),
    ...renderExamples(examples, columns),
    '',
    bold('Usage:'),
    `  leavers ${[name, args, '[flags]'].filter((word) => word !== '').join(' ')}`,
    ...groups.flatMap(({ group, of }) => [
      '',
      bold(`${group}:`),
      ...of.map((flag) => renderFlag(flag, { width, columns, name })),
    ]),
  ].join('\n');
}

/** Comments stand in one column beside the commands, or above them where one of the lines would be too long. */
function renderExamples(examples: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(...examples.map(([line]) => line.length)) + 2;
  const beside = examples.map(
    ([line, means]) => `  leavers ${means === '' ? line : `${line.padEnd(width)}# ${means}`}`,
  );
  if (beside.every((line) => line.length <= columns)) return beside;
  return examples.flatMap(([line, means]) => [...(means === '' ? [] : [`  # ${means}`]), `  leavers ${line}`]);
}

function head([name, { alias, value, kind }]: [string, Flag]): string {
  const short = alias === undefined ? '    ' : `-${alias}, `;
  const shown = value === undefined ? '' : kind === 'optional' ? ` [${value}]` : ` ${value}`;
  return `  ${short}--${name}${shown}`;
}

function renderFlag(
  flag: [string, Flag],
  { width, columns, name }: { width: number; columns: number; name: CommandName },
): string {
  const [, { describe, env }] = flag;
  const standard = defaultOf(flag[1], name);
  const notes = [
    ...(standard === undefined || describe.includes('default') ? [] : [`default ${standard}`]),
    ...(env === undefined ? [] : [env]),
  ];
  const note = notes.length === 0 ? '' : ` [${notes.join('; ')}]`;
  const own = head(flag).padEnd(width);
  return `${own}${hang(`${describe}${note}`, { width, columns })}`;
}

/** The text wrapped behind an indent of `width`. On a narrow terminal it would be a thin column, so there it stays one line. */
function hang(text: string, { width, columns }: { width: number; columns: number }): string {
  return columns - width < 30 ? text : wrap(text, columns - width).replaceAll('\n', `\n${' '.repeat(width)}`);
}
