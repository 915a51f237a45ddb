// No line of a command is wider than its terminal, unless it ends in a command or a path, which are never broken; elsewhere nothing is wrapped.
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/text/width.ts';
import { wrapText } from '../../../src/text/wrap.ts';
import { type CommandLines, commandLines } from '../../support/command-lines.ts';
import { leavers } from '../../support/in-process.ts';
import { newFolder } from '../../support/scenario.ts';

const env = { HOME: '/nowhere', LEAVERS_RATE: 'none' };
const isCommand = /(^ *|^Next:? +|then: )leavers \w+ /;
const tooWide = (text: string, columns: number) =>
  text.split('\n').filter((line) => columnsOf(line) > columns && !isCommand.test(line) && !/\S{50}/.test(line));
const table = (lines: CommandLines) =>
  Object.entries(lines).flatMap(([name, all]) => all.map((args) => [name, ...args].join(' ')));

describe('on a terminal of 80 columns', () => {
  it.each(table(commandLines(newFolder())))('%s', async (line) => {
    const { stdout, stderr } = await leavers(line.split(' '), { columns: 80, env });
    expect(tooWide(`${stdout}${stderr}`, 80)).toEqual([]);
  });
});

describe('a line', () => {
  it.each([
    ['is broken between words', 'one two three four', 'one two\n  three\n  four', 10],
    [
      'is indented below the text of its column',
      'Requests  27 in 8 s twice',
      'Requests  27 in 8 s\n          twice',
      20,
    ],
    ['is indented below its own mark', '  – one two three', '  – one two\n    three', 12],
    ['has a column of its table on the next row', '1  ada@example.com  Ada L', '1  ada@example.com\n   Ada L', 20],
    [
      'has as many columns as fit in a row',
      '1  ada@example.com  Ada  frees a seat',
      '1  ada@example.com  Ada\n   frees a seat',
      25,
    ],
    ['keeps a word that is too long', 'see /a/very/long/path now', 'see /a/very/long/path\n  now', 10],
    ['keeps a command', 'Next: leavers run a b --yes', 'Next: leavers run a b --yes', 10],
    [
      'keeps a command in a sentence',
      'no key; run leavers init --profile a, or',
      'no key; run\n  leavers init --profile a,\n  or',
      28,
    ],
    ['keeps a quoted word', "look in 'my reports/r.ndjson' it is", "look in\n  'my reports/r.ndjson'\n  it is", 24],
    ['counts wide signs twice', '佐藤 遥 田中 健', '佐藤 遥\n  田中\n  健', 8],
  ])('%s', (_, line, expected, width) => {
    expect(wrapText(line, width)).toBe(expected);
  });
});

describe('elsewhere', () => {
  it('every line is whole', async () => {
    const { stderr } = await leavers(['plan', 'samples/workday.csv', '--sandbox'], { env });
    expect(stderr.split('\n')).toHaveLength(4);
  });
});
