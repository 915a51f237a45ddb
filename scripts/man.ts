// The man page, rendered from the tables of commands, flags and exit codes; written by `npm run docs`.
import { commands } from '../src/cli/registry.ts';
import { commandNames, type Flag, flagsOf } from '../src/config/flags/flag.ts';
import { flags } from '../src/config/flags/flag-table.ts';

/** Text that roff takes as it is: no backslash, no line that begins like a request. */
const plain = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
const bold = (text: string) => `\\fB${plain(text)}\\fR`;

function flagLines(name: string, { value, alias, describe, env, default: otherwise }: Flag): string[] {
  const head = [`\\-\\-${plain(name)}`, ...(alias === undefined ? [] : [`\\-${alias}`])]
    .map((word) => `\\fB${word}\\fR`)
    .join(', ');
  const more = [
    env === undefined ? '' : `Environment: ${env}.`,
    otherwise === undefined ? '' : `Default: ${otherwise}.`,
  ].filter(Boolean);
  return [
    '.TP',
    `${head}${value === undefined ? '' : ` \\fI${plain(value)}\\fR`}`,
    plain([`${describe}.`, ...more].join(' ')),
  ];
}

/** `leavers(1)`. */
export function manPage(exits: readonly (readonly [code: number, meaning: string])[]): string {
  const sections = commandNames.flatMap((name) => {
    const { args, summary, examples } = commands[name];
    const own = flagsOf(flags, name).map(([flag]) => `\\-\\-${plain(flag)}`);
    return [
      `.SS ${bold(`leavers ${name}`)} ${plain(args)}`,
      plain(summary),
      '.PP',
      `Flags: ${own.join(', ')}.`,
      ...examples.flatMap(([line, means]) => [
        '.PP',
        '.nf',
        `${bold(`leavers ${line}`)}${means === '' ? '' : `  # ${plain(means)}`}`,
        '.fi',
      ]),
    ];
  });
  return [
    '.TH LEAVERS 1 "" "leavers" "User Commands"',
    '.SH NAME',
    'leavers \\- bulk changes to the people and groups of an Atlassian Cloud organization, from a file',
    '.SH SYNOPSIS',
    `${bold('leavers')} \\fIcommand\\fR [\\fIarguments\\fR] [\\fIflags\\fR]`,
    '.SH DESCRIPTION',
    plain(
      'A manifest of actions is checked, shown as a plan, carried out under one rate limit, and reported row by row. From the report a run is resumed, retried, undone and audited.',
    ),
    '.SH COMMANDS',
    ...sections,
    '.SH FLAGS',
    ...Object.entries<Flag>(flags).flatMap(([name, flag]) => flagLines(name, flag)),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, meaning]) => ['.TP', bold(String(code)), plain(meaning.replaceAll('`', ''))]),
    '',
  ].join('\n');
}
