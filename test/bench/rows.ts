// Manifests for benchmarks, written a piece at a time.
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { account } from './account.ts';
import { room } from './child.ts';

const piece = 10_000;

type Render = (row: number) => string;

const forms = {
  /** Ids: nobody has to be looked up by e-mail. */
  ids: { name: 'ids.csv', head: 'action,accountId\n', row: (row) => `suspend-user,${account(row)}\n` },
  emails: {
    name: 'emails.csv',
    head: 'action,email,reference\n',
    row: (row) => `suspend-user,person.${row}@example.com,HR-${row}\n`,
  },
  /** Six columns; one row in ten has a date and a quoted cell. */
  csv: {
    name: 'six.csv',
    head: 'action,email,groupName,notBefore,reference,accountId\n',
    row: (row) =>
      row % 10 === 0
        ? `remove-user-from-group,person.${row}@example.com,"contractors, ""all""",2026-01-${10 + (row % 20)},HR-${row},\n`
        : `remove-user-from-group,person.${row}@example.com,contractors,,HR-${row},\n`,
  },
  ndjson: {
    name: 'six.ndjson',
    head: '',
    row: (row) =>
      `{"action":"remove-user-from-group","email":"person.${row}@example.com","groupName":"contractors",${row % 10 === 0 ? '"notBefore":"2026-01-31",' : ''}"reference":"HR-${row}"}\n`,
  },
} as const satisfies Record<string, { name: string; head: string; row: Render }>;

/** The path of a manifest with this number of rows; written once. */
export function writeRows(form: keyof typeof forms, rows: number): string {
  const { name, head, row } = forms[form];
  const path = join(room, `${rows}-${name}`);
  if (existsSync(path)) return path;
  const fd = openSync(path, 'w');
  writeSync(fd, head);
  for (let from = 0; from < rows; from += piece) {
    const lines = Array.from({ length: Math.min(piece, rows - from) }, (_, at) => row(from + at));
    writeSync(fd, lines.join(''));
  }
  closeSync(fd);
  return path;
}
