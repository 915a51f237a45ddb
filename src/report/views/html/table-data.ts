// `collectRows`: report lines → rows of the page's table, with the cause that each belongs to. A long report keeps only rows that need attention.
import { type ActionName, type OutcomeName, outcomes, subjectOf } from '../../../model.ts';
import { type Column, type TableData, WordList } from '../../../page/row-table.ts';
import { neutralize } from '../../../text/sanitize.ts';
import type { RowLine } from '../../events.ts';
import { lastActiveWords } from '../../last-active.ts';
import { acceptedReasons } from '../../left-out.ts';
import { identifyCause, type RunSummary } from '../../summary.ts';
import { titleOf, withoutFlags } from './cause-words.ts';
import { maxPageRows } from './chart-data.ts';

/** The table, and the data about its rows for the sections above it. */
export interface ReportTable extends TableData {
  /** The first people or groups of each cause, in the order of the summary's causes. */
  readonly names: readonly (readonly string[])[];
  /** The earliest date that a row waits for, in epoch ms. */
  readonly nextDue: number | undefined;
}

/** People or groups that a cause names above the table. */
const named = 12;
const maxWords = 200;

/** Rows for the table; above `mostRows` rows only those that need attention, as many as fit. */
export async function collectRows(lines: AsyncIterable<RowLine>, summary: RunSummary): Promise<ReportTable> {
  const [actions, why] = [new WordList(), new WordList()];
  const groupOf = causeFinder(summary);
  const names: string[][] = summary.causes.map(() => []);
  const rows: TableData['rows'][number][] = [];
  let nextDue: number | undefined;
  for await (const line of lines) {
    const due = line.outcome === 'held' ? Date.parse(String(line.fields['notBefore'])) : Number.NaN;
    if (!Number.isNaN(due)) nextDue = Math.min(due, nextDue ?? due);
    if (summary.rows > maxPageRows && isSettled(line.outcome)) continue;
    if (rows.length === maxPageRows) continue;
    const group = groupOf(line);
    const subject = neutralize(subjectOf(line));
    const list = names[group] ?? [];
    if (list.length < named && !list.includes(subject)) list.push(subject);
    const place = neutralize(`${line.file.split('/').at(-1)}:${line.line}`);
    const cells = [subject, neutralize(line.reference ?? ''), actions.place(line.action ?? 'invalid')];
    rows.push([
      ...cells,
      outcomes.indexOf(line.outcome),
      why.place(neutralize(whyOf(line))),
      Date.parse(line.time),
      place,
      group,
    ]);
  }
  const groups = summary.causes.map(titleOf);
  return { columns: columnsOf(actions.list, why.list), rows, groups, names, nextDue };
}

function isSettled(outcome: OutcomeName): boolean {
  return outcome === 'done' || outcome === 'already';
}

function columnsOf(actions: readonly string[], why: readonly string[]): readonly Column[] {
  return [
    { name: 'Person or group', kind: 'who' },
    { name: 'Reference', kind: 'short' },
    { name: 'Action', kind: 'short', words: actions, filtered: true },
    { name: 'Outcome', kind: 'state', words: outcomes, marks: outcomes, filtered: true },
    { name: 'Why', kind: 'why', words: why },
    { name: 'Finished', kind: 'time' },
    { name: 'Line', kind: 'place' },
  ];
}

/** Finds the number of a row's cause in the summary; -1 for a row without one. */
function causeFinder({ causes, runs }: RunSummary): (line: RowLine) => number {
  const idOf = ({ cause, hint, leftOut }: ReturnType<typeof identifyCause>) => `${leftOut} ${cause}\n${hint}`;
  const places = new Map(causes.map((cause, at) => [idOf(cause), at]));
  const accepted = new Map(runs.map(({ runId, start }) => [runId, acceptedReasons(start.settings)]));
  const other = causes.findIndex(({ cause }) => cause === 'other causes');
  return (line) => {
    if (isSettled(line.outcome) || line.outcome === 'held' || line.outcome === 'planned') return -1;
    return places.get(idOf(identifyCause(line, accepted.get(line.runId) ?? []))) ?? other;
  };
}

/** The reason for a row's outcome, in the API's words or ours; may be empty. */
function whyOf(line: RowLine): string {
  const { reason, status, error, message, ambiguous, action, result } = line;
  const refused =
    error === null
      ? undefined
      : [...new Set([status === null ? '' : `HTTP ${status}`, error.code, error.title, error.detail])];
  const read = action === ('get-last-active' satisfies ActionName) ? lastActiveWords(result) : undefined;
  const own = message === null ? (read ?? reason ?? '') : withoutFlags(message);
  const words = refused?.filter(Boolean).join(' ') ?? own;
  return `${words.slice(0, maxWords)}${ambiguous ? ' (an earlier attempt may have arrived)' : ''}`.trim();
}
