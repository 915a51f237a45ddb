// draftJob: writes a commented job file for an unknown export. Decisions that can't be derived from the cells stay as questions, which plan refuses.
import { basename, extname } from 'node:path';
import type { Manifest } from '../manifest.ts';
import { columnOf, foldHeader } from '../rows/columns.ts';
import { quote } from '../../text/quote.ts';
import { escapeUnsafe } from '../../text/sanitize.ts';
import { ColumnProfile } from './column-profile.ts';

const privateNames = /home|personal|private|privat|second|recovery|alternat/i;
const endNames =
  /last ?day|terminat|leav|exit|end of employment|employment end|austritt|letzter|ende des|date of exit/i;
const hireNames = /hire|start date|date of joining|anstell|eintritt/i;
const idNames = /(?:employee|associate|worker|account|user).{0,2}(?:id|#|num)|^id$|personal-?nr|personalnummer/i;
const statusNames = /status|state|active|enabled|suspended|aktiv/i;

/** A line of a job file with the reason for it. */
interface Line {
  readonly text: string;
  readonly comment: string;
}

/** Reads every line of an opened export and returns the text of a job file (JSON with comments). `rows` is where a JSON document has its rows. */
export async function draftJob(manifest: Manifest, rows?: string): Promise<string> {
  const { table } = manifest;
  const columns = new Columns();
  let lines = 0;
  let nths: number[] = [];
  for await (const batch of table.lines())
    for (const { cells, problem } of batch) {
      if (problem !== undefined) continue;
      lines += 1;
      // The headers of a JSON file are complete only after reading it.
      if (nths.length < table.headers.length) nths = nthsOf(table.headers);
      for (const [cell, header] of table.headers.entries()) columns.see({ header, nth: nths[cell] ?? 0 }, cells[cell]);
    }
  return escapeUnsafe(render(manifest, { columns: columns.all, lines, rows }));
}

/** Most columns; further columns of JSON are ignored. */
const maxColumns = 500;

class Columns {
  readonly #profiles = new Map<string, ColumnProfile>();

  get all(): ColumnProfile[] {
    return [...this.#profiles.values()];
  }

  /** Objects in a cell are columns with dotted names. */
  see({ header, nth }: { header: string; nth: number }, value: unknown): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)) {
      for (const [key, nested] of Object.entries(value)) this.see({ header: `${header}.${key}`, nth: 0 }, nested);
      return;
    }
    const key = `${nth} ${header}`;
    const profile = this.#profiles.get(key) ?? new ColumnProfile(header, nth);
    profile.see(value);
    if (this.#profiles.size < maxColumns) this.#profiles.set(key, profile);
  }
}

/** For each header, its number (from 1) among identical ones; 0 when it is the only one. */
function nthsOf(headers: readonly string[]): number[] {
  const folded = headers.map(foldHeader);
  const counts = new Map<string, number>();
  for (const header of folded) counts.set(header, (counts.get(header) ?? 0) + 1);
  const seen = new Map<string, number>();
  return folded.map((header) => {
    const nth = (seen.get(header) ?? 0) + 1;
    seen.set(header, nth);
    return counts.get(header) === 1 ? 0 : nth;
  });
}

interface Drafted {
  readonly columns: readonly ColumnProfile[];
  readonly lines: number;
  readonly rows: string | undefined;
}

function render(manifest: Manifest, { columns, lines, rows }: Drafted): string {
  const { path, format, encoding, delimiter } = manifest;
  const facts = [format, ...(delimiter === undefined ? [] : [`separator ${quote(delimiter)}`]), encoding].join(', ');
  const end = only(columns.filter(isEnd));
  const input = [
    ...(rows === undefined
      ? []
      : [{ text: `"rows": ${JSON.stringify(rows)}`, comment: 'where the document has its rows' }]),
    ...(encoding === 'utf-8' || format === 'xlsx' ? [] : [{ text: `"encoding": "${encoding}"`, comment: 'as read' }]),
    block('columns', [...accountId(columns), email(columns), ...reference(columns), notBefore(columns, end)]),
    ...where(columns),
    ...person(columns),
    ...dates(columns.filter(isEnd)),
    nulls(columns),
  ];
  return [
    `// Drafted from ${quote(basename(path))} (${facts}; ${lines} lines). Replace each text that begins with "?" with your answer; until then plan and run refuse this file.`,
    '{',
    `  "name": ${JSON.stringify(basename(path, extname(path)) || 'export')},`,
    '  "input": {',
    joined(input, '    '),
    '  },',
    '  // Reversible. Other actions: leavers actions',
    '  "steps": [{ "action": "suspend-user" }],',
    '  "guards": { "maxChanges": "5%" }',
    '}',
    '',
  ].join('\n');
}

function joined(lines: readonly Line[], indent: string): string {
  return lines
    .map(({ text, comment }, at) => {
      const comma = at < lines.length - 1 ? ',' : '';
      return `${comment === '' ? '' : `${indent}// ${comment}\n`}${indent}${text}${comma}`;
    })
    .join('\n');
}

function block(name: string, lines: readonly Line[]): Line {
  return { text: `"${name}": {\n${joined(lines, '      ')}\n    }`, comment: '' };
}

/** The header as a job names it. */
function headerOf({ header, nth }: ColumnProfile): string {
  return JSON.stringify(nth === 0 ? header : { header, nth });
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function ask(question: string, choices: readonly string[]): string {
  return JSON.stringify(`? ${question}${choices.length === 0 ? '' : `: ${choices.join(' or ')}`}`);
}

function email(columns: readonly ColumnProfile[]): Line {
  const filled = columns.filter(({ addresses, filled: all }) => addresses > 0 && addresses * 10 >= all * 9);
  const found = filled.filter((each) => !isNamed(each, privateNames));
  const one = only(found);
  if (one === undefined)
    return {
      text: `"email": ${ask('Which column has the address of the Atlassian account', found.map(headerOf))}`,
      comment: '',
    };
  const others = filled.filter((each) => each !== one).map(({ header }) => quote(header));
  const note = others.length === 0 ? '' : `; ${others.join(', ')} looks private and is not read`;
  return {
    text: `"email": ${headerOf(one)}`,
    comment: `${one.addresses} of ${one.filled} filled cells are addresses${note}`,
  };
}

/** The account id of Atlassian's own exports, the most reliable way to identify people. */
function accountId(columns: readonly ColumnProfile[]): Line[] {
  const found = columns.find(isAccountId);
  return found === undefined
    ? []
    : [{ text: `"accountId": ${headerOf(found)}`, comment: "by its name, as in Atlassian's exports" }];
}

function isAccountId({ header }: ColumnProfile): boolean {
  return columnOf(header) === 'accountId';
}

function reference(columns: readonly ColumnProfile[]): Line[] {
  const found = columns.find((each) => isNamed(each, idNames) && each.addresses === 0 && !isAccountId(each));
  return found === undefined
    ? []
    : [{ text: `"reference": ${headerOf(found)}`, comment: 'by its name; repeated in the report' }];
}

function isEnd(column: ColumnProfile): boolean {
  return isNamed(column, endNames) && column.dateForms.length > 0;
}

/** JSON keys may have `_` in place of spaces. */
function isNamed({ header }: ColumnProfile, names: RegExp): boolean {
  return names.test(header.replaceAll('_', ' '));
}

function notBefore(columns: readonly ColumnProfile[], end: ColumnProfile | undefined): Line {
  if (end !== undefined)
    return {
      text: `"notBefore": ${headerOf(end)}`,
      comment: 'by its name and its dates; is this the day after which access ends?',
    };
  const found = columns.filter(isEnd).map(headerOf);
  const question =
    found.length > 1
      ? 'Which date ends the access'
      : 'Which column has the last day (delete this line if people leave at once)';
  return { text: `"notBefore": ${ask(question, found)}`, comment: '' };
}

function where(columns: readonly ColumnProfile[]): Line[] {
  const found = columns.find(
    (each) => isNamed(each, statusNames) && each.words !== undefined && each.dateForms.length === 0,
  );
  const words = found?.words ?? [];
  if (found === undefined || words.length === 0)
    return [
      {
        text: `"where": [{ "column": ${ask('Which column says that somebody has left', [])}, "in": ["?"] }]`,
        comment: '',
      },
    ];
  const counted = words.map(([word, count]) => `${quote(word)} (${count})`);
  const knownWords = words.map(([word]) => word);
  const list = JSON.stringify(found.nulls.size === 0 ? knownWords : [...knownWords, ...found.nulls]);
  const selected = `"where": [{ "column": ${headerOf(found)}, "in": [${ask('Which of these mean that somebody has left', counted)}] }]`;
  if (found.nth > 0) return [{ text: selected, comment: '' }];
  return [
    { text: selected, comment: '' },
    {
      text: `"known": { ${JSON.stringify(found.header)}: ${list} }`,
      comment: 'all words in this file; any other word is an error',
    },
  ];
}

function person(columns: readonly ColumnProfile[]): Line[] {
  const [id] = columns.filter((each) => isNamed(each, idNames) && each.addresses === 0);
  const hired = only(columns.filter((each) => isNamed(each, hireNames) && each.dateForms.length > 0));
  if (id === undefined || hired === undefined) return [];
  const text = `"person": { "by": [${headerOf(id)}], "latest": ${headerOf(hired)} }`;
  return [{ text, comment: 'of several lines about one person only the latest employment counts' }];
}

function dates(columns: readonly ColumnProfile[]): Line[] {
  const [first, ...others] = columns.map(({ dateForms }) => dateForms);
  if (first === undefined) return [];
  const common = first.filter((form) => others.every((forms) => forms.includes(form)));
  const forms = common.map((form) => form ?? 'ISO');
  const format = forms.length === 1 ? quote(forms[0]) : ask('Which form do all dates have', forms);
  const zone = ask('In which time zone does the day end, like Europe/Berlin', []);
  const words = `${common.includes(undefined) ? '' : `"format": ${format}, `}"zone": ${zone}, "at": "end-of-day"`;
  return [
    { text: `"dates": { ${words} }`, comment: `every date fits ${forms.join(' and ') || 'none of the usual forms'}` },
  ];
}

function nulls(columns: readonly ColumnProfile[]): Line {
  const words = [...new Set(['', ...columns.flatMap((column) => [...column.nulls])])];
  return { text: `"nulls": ${JSON.stringify(words)}`, comment: 'words that stand for an empty cell' };
}
