// Flags about what is printed, and the two that every program has. Part of the table in flag-table.ts.
import { commandNames, type Flag } from './flag.ts';
import { parseChoice } from './parse-value.ts';

const everywhere = commandNames;
const told = ['run', 'plan', 'reconcile', 'report', 'verify', 'inactive', 'actions', 'doctor'] as const;

export const outputFlags = {
  json: { kind: 'switch', group: 'Output', on: told, env: 'LEAVERS_JSON', describe: 'results as JSON on stdout' },
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
    describe: 'say more, and show where a bug comes from',
  },
  'log-format': {
    kind: 'value',
    group: 'Output',
    on: everywhere,
    env: 'LEAVERS_LOG_FORMAT',
    value: 'text|json',
    default: 'text',
    describe: 'form of what goes to stderr',
    parse: parseChoice(['text', 'json']),
  },
  'no-color': { kind: 'switch', group: 'Output', on: everywhere, env: 'NO_COLOR', describe: 'no colours' },
  help: { kind: 'switch', group: 'General', on: everywhere, alias: 'h', describe: 'this text' },
  version: { kind: 'switch', group: 'General', on: everywhere, alias: 'V', describe: 'the version' },
} as const satisfies Record<string, Flag>;
