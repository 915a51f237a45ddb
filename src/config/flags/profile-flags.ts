// Flags of profiles and of init, which makes them. Part of the one table in flag-table.ts.
import { parseCommandLine } from '../profiles/command-line.ts';
import type { Flag } from './flag.ts';
import { parseDay, parseProfileName } from './parse-value.ts';

export const profileFlags = {
  profile: {
    kind: 'value',
    group: 'Organization',
    on: ['run', 'plan', 'reconcile', 'init', 'inactive', 'doctor', 'verify'],
    env: 'LEAVERS_PROFILE',
    value: 'NAME',
    describe: 'a named organization with its key and defaults, created by init',
    parse: parseProfileName,
  },
  'api-key-command': {
    kind: 'value',
    group: 'Organization',
    on: ['init'],
    value: 'COMMAND',
    describe: 'command that prints the key, such as op read, vault or pass; it is run without a shell',
    parse: parseCommandLine,
    conflicts: { with: ['api-key-file', 'api-key-stdin'], because: 'is another place of the key; give one of them' },
  },
  'key-expires': {
    kind: 'value',
    group: 'Organization',
    on: ['init'],
    value: 'DATE',
    describe: 'day on which the key expires; commands warn 14 days ahead',
    parse: parseDay,
  },
} as const satisfies Record<string, Flag>;
