// Flags of saved plans and their approval. Part of the one table in flag-table.ts.
import type { Flag } from './flag.ts';
import { parseDuration, parseText } from './parse-value.ts';

export const approvalFlags = {
  key: {
    kind: 'value',
    group: 'Command',
    on: ['approve'],
    value: 'FILE',
    describe: 'your private key (Ed25519, PEM)',
    parse: parseText,
  },
  'new-key': {
    kind: 'value',
    group: 'Command',
    on: ['approve'],
    value: 'FILE',
    describe: 'create a private key in a new file, and print its line for the list of approvers',
    parse: parseText,
    conflicts: { with: ['key'], because: 'is another key; give one of them' },
  },
  as: {
    kind: 'value',
    group: 'Command',
    on: ['approve'],
    value: 'E-MAIL',
    describe: 'who approves, as in the list of approvers',
    parse: parseText,
  },
  'max-plan-age': {
    kind: 'value',
    group: 'Guards',
    on: ['run', 'approve'],
    value: '7d',
    default: '7d',
    describe: 'refuse a saved plan (.json) that is older',
    parse: parseDuration,
  },
  approvers: {
    kind: 'value',
    group: 'Guards',
    on: ['run'],
    value: 'FILE',
    describe: 'run only a saved plan that somebody on this list other than --operator has approved',
    parse: parseText,
  },
} as const satisfies Record<string, Flag>;
