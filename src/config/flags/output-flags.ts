// Flags about output, and --help and --version. Part of the table in flag-table.ts.
import { commandNames, type Flag } from './flag.ts';
import { parseChoice } from './parse-value.ts';

const everywhere = commandNames;
const commandsWithOutput = ['run', 'plan', 'reconcile', 'report', 'verify', 'inactive', 'actions', 'doctor'] as const;

export const outputFlags = {
  json: {
    kind: 'switch',
    group: 'Output',
    on: commandsWithOutput,
    env: 'LEAVERS_JSON',
    describe: 'results as JSON on stdout',
  },
  quiet: {
    kind: 'switch',
    group: 'Output',
    on: everywhere,
    alias: 'q',
    env: 'LEAVERS_QUIET',
    describe: 'no progress and no plan, only results and errors',
  },
  verbose: {
    kind: 'switch',
    group: 'Output',
    on: everywhere,
    alias: 'v',
    env: 'LEAVERS_VERBOSE',
    describe: 'print more details, and the stack trace of a bug',
  },
  'log-format': {
    kind: 'value',
    group: 'Output',
    on: everywhere,
    env: 'LEAVERS_LOG_FORMAT',
    value: 'text|json',
    default: 'text',
    describe: 'format of the messages on stderr',
    parse: parseChoice(['text', 'json']),
  },
  'no-color': { kind: 'switch', group: 'Output', on: everywhere, env: 'NO_COLOR', describe: 'no colours' },
  help: { kind: 'switch', group: 'General', on: everywhere, alias: 'h', describe: 'this text' },
  version: { kind: 'switch', group: 'General', on: everywhere, alias: 'V', describe: 'the version' },
} as const satisfies Record<string, Flag>;
