// Flags about the manifest and how it is read. Part of the table in flag-table.ts.
import type { Flag } from './flag.ts';
import { readDelimiter } from '../../manifest/read/delimiter.ts';
import { readEncoding } from '../../manifest/read/encoding.ts';
import { formats } from '../../manifest/read/format.ts';
import { parseChoice, parseText } from './parse-value.ts';

const planning = ['run', 'plan'] as const;
const reading = ['run', 'plan', 'reconcile'] as const;
const guarded = ['run', 'plan', 'reconcile', 'inactive'] as const;

export const manifestFlags = {
  job: {
    kind: 'value',
    group: 'Manifest',
    on: guarded,
    env: 'LEAVERS_JOB',
    value: 'FILE',
    describe: 'job file: maps an export to rows, and has settings',
    parse: parseText,
  },
  'skip-invalid': {
    kind: 'switch',
    group: 'Manifest',
    on: planning,
    describe: 'run the valid rows and report the others as invalid',
  },
  'ignore-columns': {
    kind: 'switch',
    group: 'Manifest',
    on: reading,
    describe: 'ignore unknown columns',
  },
  delimiter: {
    kind: 'value',
    group: 'Manifest',
    on: reading,
    value: 'CHAR',
    describe: 'separator of a CSV; detected from the header line',
    parse: readDelimiter,
  },
  encoding: {
    kind: 'value',
    group: 'Manifest',
    on: reading,
    value: 'NAME',
    describe: 'UTF-8, UTF-16 with BOM, else Windows-1252',
    parse: readEncoding,
  },
  format: {
    kind: 'value',
    group: 'Manifest',
    on: reading,
    value: 'FORMAT',
    describe: `${formats.join(', ')}; detected by extension, then by content`,
    parse: parseChoice(formats),
  },
} as const satisfies Record<string, Flag>;
