// Flags of `leavers verify`. Part of the one table in flag-table.ts.
import type { Flag } from './flag.ts';
import { parseSeal, parseText } from './parse-value.ts';

export const verifyFlags = {
  live: {
    kind: 'switch',
    group: 'Command',
    on: ['verify'],
    describe: 'read people and groups again and compare them with the report',
  },
  'audit-log': {
    kind: 'switch',
    group: 'Command',
    on: ['verify'],
    describe: "find each change in the organization's own audit log; exits 77 if the log can't be read",
  },
  'key-label': {
    kind: 'value',
    group: 'Command',
    on: ['verify'],
    value: 'NAME',
    describe: 'with --audit-log: the label of the key that made the changes; changes by others are listed',
    parse: parseText,
  },
  record: {
    kind: 'optional',
    group: 'Command',
    on: ['verify', 'doctor'],
    value: 'FILE',
    describe: 'on verify: append the findings to the report; on doctor: write how the API answers into a file',
    parse: parseText,
    as: {
      verify: {
        kind: 'switch',
        describe: 'append what --live and --audit-log find to the report, for report --evidence',
      },
      doctor: {
        kind: 'value',
        describe:
          'write how the API answers, compared with the published specification, without names, addresses or ids',
      },
    },
  },
  head: {
    kind: 'value',
    group: 'Command',
    on: ['verify'],
    value: 'HASH',
    describe: 'the seal printed at the end of a run; exits 65 if no intact chain contains it',
    parse: parseSeal,
  },
} as const satisfies Record<string, Flag>;
