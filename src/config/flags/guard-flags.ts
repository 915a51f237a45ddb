// Flags of the guards: confirmation, limits, protected people. Part of the table in flag-table.ts.
import type { Flag } from './flag.ts';
import { leftOutReasons } from '../../model.ts';
import { parseAction, parseChoice, parseDuration, parseLimit, parseText } from './parse-value.ts';

const planning = ['run', 'plan'] as const;
/** Commands that read a list of people or rows. */
const reading = ['run', 'plan', 'reconcile'] as const;
const guarded = ['run', 'plan', 'reconcile', 'inactive'] as const;
const calling = ['run', 'plan', 'reconcile', 'inactive', 'doctor', 'verify'] as const;

export const guardFlags = {
  yes: {
    kind: 'switch',
    group: 'Guards',
    on: [...calling, 'init'],
    alias: 'y',
    env: 'LEAVERS_YES',
    describe: 'make the changes without asking',
  },
  'no-input': {
    kind: 'switch',
    group: 'Guards',
    on: [...calling, 'init'],
    env: 'LEAVERS_NO_INPUT',
    describe: 'never ask; needs --yes to change anything',
  },
  allow: {
    kind: 'list',
    group: 'Guards',
    on: planning,
    value: 'ACTION',
    describe: "allow an action that can't be undone (repeatable)",
    parse: parseAction,
  },
  accept: {
    kind: 'list',
    group: 'Guards',
    on: ['run'],
    value: 'REASON',
    describe: `people may be left out for this reason without exit code 4 (repeatable): ${leftOutReasons.join(', ')}`,
    parse: parseChoice(leftOutReasons),
  },
  'min-rows': {
    kind: 'value',
    group: 'Guards',
    on: reading,
    value: 'N|N%',
    describe: 'refuse manifests with fewer rows; % is of the rows of the last run of --report, or of the same work',
    parse: parseLimit,
  },
  'max-input-age': {
    kind: 'value',
    group: 'Guards',
    on: reading,
    value: '26h',
    describe: 'refuse a manifest file that is older',
    parse: parseDuration,
  },
  'max-changes': {
    kind: 'value',
    group: 'Guards',
    on: reading,
    env: 'LEAVERS_MAX_CHANGES',
    value: 'N|N%',
    default: '500',
    defaultOn: { reconcile: '5%' },
    describe: 'refuse a plan with more changes; % is of the people of the organization',
    parse: parseLimit,
  },
  'max-failures': {
    kind: 'value',
    group: 'Guards',
    on: planning,
    env: 'LEAVERS_MAX_FAILURES',
    value: 'N|N%',
    default: '10%',
    describe: 'stop after this many failures; % counts after 20 rows',
    parse: parseLimit,
  },
  protect: {
    kind: 'list',
    group: 'Guards',
    on: guarded,
    env: 'LEAVERS_PROTECT',
    value: 'FILE',
    describe:
      'accounts, e-mails, groups, patterns (*@board.example.com) and members (group:execs) that are never changed (repeatable)',
    parse: parseText,
  },
  'include-admins': {
    kind: 'switch',
    group: 'Guards',
    on: guarded,
    describe: 'organization admins may be changed too',
  },
  operator: {
    kind: 'value',
    group: 'Guards',
    on: [...guarded, 'init'],
    env: 'LEAVERS_OPERATOR',
    value: 'WHO',
    describe: 'your account id or e-mail: recorded, and never changed; default: the login name, only recorded',
    parse: parseText,
  },
} as const satisfies Record<string, Flag>;
