// Flags of the commands that read the whole directory: reconcile and inactive. Part of the one table in flag-table.ts.
import type { Flag } from './flag.ts';
import { parseChoice, parseCount, parseDomain, parseManifestAction, parseText } from './parse-value.ts';

export const peopleFlags = {
  list: {
    kind: 'value',
    group: 'Command',
    on: ['reconcile'],
    value: 'staff|leavers',
    default: 'staff',
    describe: 'everybody on the list works here, or everybody on the list has left',
    parse: parseChoice(['staff', 'leavers']),
  },
  domains: {
    kind: 'list',
    group: 'Command',
    on: ['reconcile'],
    value: 'DOMAIN',
    describe:
      'with a list of staff: accounts of these domains that are missing from it have left; others are only reported',
    parse: parseDomain,
  },
  tokens: {
    kind: 'switch',
    group: 'Command',
    on: ['reconcile'],
    describe: 'look up which API tokens of those who have left still work; one call per person',
  },
  days: {
    kind: 'value',
    group: 'Command',
    on: ['inactive'],
    value: 'N',
    describe: 'not active for this many days',
    parse: parseCount(1, 3650),
  },
  action: {
    kind: 'value',
    group: 'Command',
    on: ['reconcile', 'inactive'],
    value: 'ACTION',
    default: 'suspend-user',
    describe: "action of the manifest's rows; release-product (inactive) takes one product away",
    parse: parseManifestAction,
  },
  product: {
    kind: 'value',
    group: 'Command',
    on: ['inactive'],
    value: 'PRODUCT',
    describe: 'the product that --action release-product takes away, like confluence',
    parse: parseText,
  },
  products: {
    kind: 'list',
    group: 'Command',
    on: ['inactive'],
    value: 'PRODUCT',
    describe: 'count activity in these products only, like confluence',
    parse: parseText,
  },
} as const satisfies Record<string, Flag>;
