// `planTable`: the entries of a plan as rows of the page's table, irreversible ones first. At most 50,000 rows.
import { actions } from '../../actions/action-table.ts';
import { type Column, type TableData, WordList } from '../../page/row-table.ts';
import { withoutFlags } from '../../report/views/html/cause-words.ts';
import { actionWords } from '../../text/action-words.ts';
import { utcMinute } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { PlanEntry } from '../plan-entry.ts';
import { nameRecord } from '../plan-summary.ts';
import type { PlannedRecord } from '../verdict.ts';
import type { PlanGroups } from './plan-groups.ts';

/** The page lists at most this many rows: irreversible and left-out ones first. */
export const maxPlanRows = 50_000;

/** Decisions, each with the class of its colour, in the order in which rows are listed. */
export const decisions = [
  ['irreversible', 'failed'],
  ['left out', 'skipped'],
  ['will fail', 'invalid'],
  ['unconfirmed', 'unknown'],
  ['invalid', 'invalid'],
  ['change', 'planned'],
  ['read', 'already'],
  ['scheduled', 'held'],
  ['no change', 'done'],
] as const;
export type Decision = (typeof decisions)[number][0];

/** What will happen to a row. */
export function decisionOf(entry: PlanEntry): Decision {
  if ('invalid' in entry) return 'invalid';
  const { record, verdict } = entry.planned;
  const { risk } = actions[record.action];
  if (verdict.verdict === 'run' && verdict.message !== undefined) return 'will fail';
  if (verdict.verdict === 'run') return risk === 'irreversible' ? 'irreversible' : risk === 'reads' ? 'read' : 'change';
  if (verdict.verdict === 'skip') return 'left out';
  if (verdict.verdict === 'failed') return 'will fail';
  if (verdict.verdict === 'unknown') return 'unconfirmed';
  return verdict.verdict === 'held' ? 'scheduled' : 'no change';
}

/** The table. `entries` can be called again: the rows of each decision are read in a pass of their own, so that no row is stored needlessly. */
export function planTable(entries: () => Iterable<PlanEntry>, groups: PlanGroups): TableData {
  const [names, why] = [new WordList(), new WordList()];
  const rows: TableData['rows'][number][] = [];
  const words = decisions.map(([name]) => name);
  for (const wanted of words)
    for (const entry of entries()) {
      if (rows.length === maxPlanRows) break;
      if (decisionOf(entry) !== wanted) continue;
      rows.push([
        ...subjectCells(entry, names),
        words.indexOf(wanted),
        why.place(whyOf(entry)),
        placeOf(entry),
        groups.placeOf(entry),
      ]);
    }
  return { columns: columnsOf(names.list, why.list), rows, groups: groups.titles() };
}

function columnsOf(names: readonly string[], why: readonly string[]): readonly Column[] {
  return [
    { name: 'Person or group', kind: 'who' },
    { name: 'Reference', kind: 'short' },
    { name: 'Action', kind: 'short', words: names, filtered: true },
    {
      name: 'Decision',
      kind: 'state',
      words: decisions.map(([name]) => name),
      marks: decisions.map(([, mark]) => mark),
      filtered: true,
    },
    { name: 'What and why', kind: 'why', words: why },
    { name: 'Line', kind: 'place' },
  ];
}

function subjectCells(entry: PlanEntry, names: WordList): [who: string, reference: string, action: number] {
  if ('invalid' in entry) return ['', '', names.place('invalid')];
  const { record } = entry.planned;
  const { who } = nameRecord(entry.planned);
  return [neutralize(who), neutralize(record.fields.reference ?? ''), names.place(record.action)];
}

function placeOf(entry: PlanEntry): string {
  const { file, line } = 'invalid' in entry ? entry.invalid : entry.planned.record;
  return neutralize(`${file.split('/').at(-1)}:${line}`);
}

/** The parameters of the row, then the reason for the decision. */
function whyOf(entry: PlanEntry): string {
  if ('invalid' in entry) return neutralize(entry.invalid.issues.map(({ message }) => message).join('; '));
  const { does } = nameRecord(entry.planned);
  const parts = [does, reasonOf(entry.planned), seatsOf(entry.planned)].filter(Boolean);
  return neutralize(parts.length === 0 ? 'asked for by the manifest' : parts.join('; '));
}

function reasonOf({ record, verdict }: PlannedRecord): string {
  const { message } = verdict;
  if (message !== undefined) return withoutFlags(message);
  if (verdict.verdict === 'already') return actionWords[record.action].already;
  if (verdict.verdict === 'skip') return verdict.reason;
  const { notBefore } = record.fields;
  return notBefore === undefined ? '' : `due since ${utcMinute(notBefore)}`;
}

function seatsOf({ verdict, seats = [] }: PlannedRecord): string {
  if (verdict.verdict !== 'run' || seats.length === 0) return '';
  return `frees ${[...new Set(seats.map(({ key }) => key))].join(', ')}`;
}
