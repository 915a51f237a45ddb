// `leavers undo`: the inverse manifest of reports, newest change first; what can't be undone goes to stderr with its reason.
import { dirname } from 'node:path';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../errors.ts';
import type { ManifestRow } from '../../actions/action.ts';
import { manifestTable } from '../../manifest/manifest-table.ts';
import { rowValues } from '../../manifest/write.ts';
import { type ActionName, subjectOf } from '../../model.ts';
import { DeletedGroups } from './deleted-groups.ts';
import { undoRow } from '../../actions/undo-row.ts';
import { isRehearsal, rehearsalNotice } from '../../report/summary.ts';
import { many } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { ReverseSpool } from '../../storage/reverse-spool.ts';
import type { Call } from '../command.ts';
import { contextBeside } from '../disk-context.ts';
import { FirstChanges } from './first-changes.ts';
import { RemovedPeople } from './removed-people.ts';
import { writeTable } from '../../storage/tables/write-table.ts';
import { manifestCommand } from '../next-command.ts';
import {
  openReportSet,
  refuseMixedOrganizations,
  type ReportSet,
  describeTornLines,
} from '../../report/read/report-set.ts';
import { print } from '../../terminal/output.ts';

/** Prints or saves the manifest and returns the exit code. */
export async function undo({ args: words, flag: readFlag, context }: Call): Promise<number> {
  const out = readFlag('out');
  const reports = await openReportSet(words.positionals);
  refuseMixedOrganizations(reports, 'an inverse manifest');
  const { tmpdir } = await contextBeside(dirname(words.positionals[0] ?? '.'), readFlag('quiet'), context);
  using back = new ReverseSpool(tmpdir);
  const summary = await collect(reports, back);
  for (const line of describeTornLines(reports)) await print(context.stderr, line);
  await writeTable(out ?? '-', manifestTable(rowsOf(back)), context);
  await printSummary(summary, { out, sandbox: reports.starts.some(isRehearsal) }, context);
  return exitCodes.ok;
}

interface UndoSummary {
  rows: number;
  /** Number of undo rows that an older change makes unnecessary. */
  left: number;
  readonly used: Set<ActionName>;
  /** Reasons, with the first rows of each. */
  readonly impossible: Map<string, Group>;
  readonly lost: Map<string, Group>;
}

interface Group {
  count: number;
  readonly first: string[];
}

async function collect(reports: ReportSet, back: ReverseSpool): Promise<UndoSummary> {
  const summary: UndoSummary = { rows: 0, left: 0, used: new Set(), impossible: new Map(), lost: new Map() };
  const changes = new FirstChanges();
  const deleted = new DeletedGroups();
  const removed = new RemovedPeople();
  for await (const line of reports.lines()) {
    if (line.event !== 'row') continue;
    deleted.add(line);
    removed.add(line);
  }
  for await (const line of reports.lines()) {
    if (line.event !== 'row') continue;
    const undone = undoRow(line);
    if (undone === undefined) continue;
    const way = typeof undone === 'string' ? undone : deleted.leaveOut(undone, line);
    const place = `${line.file}:${line.line} ${subjectOf(line)}`;
    if (typeof way === 'string') {
      note(summary.impossible, `${line.action}: ${way}`, place);
      continue;
    }
    const rows = changes.keep(way.rows.map((row) => removed.withEmail(row)));
    // Losses through a deleted group are reported even if no row remains.
    if (rows.length === 0 && way.rows.length > 0) continue;
    for (const loss of way.lost ?? []) note(summary.lost, `${line.action}: ${loss}`, place);
    if (rows.length === 0) continue;
    summary.rows += rows.length;
    for (const { action } of rows) summary.used.add(action);
    // The order of changes is reversed; the rows of one change keep theirs.
    back.add(JSON.stringify(rows.map(rowValues)));
  }
  summary.left = changes.left;
  return summary;
}

function* rowsOf(back: ReverseSpool): Generator<ManifestRow> {
  for (const text of back.texts()) yield* JSON.parse(text) as ManifestRow[];
}

/** Rows that are named for each reason, since they need work by hand. */
const examples = 20;

function note(groups: Map<string, Group>, reason: string, place: string): void {
  const group = groups.get(reason) ?? { count: 0, first: [] };
  groups.set(reason, group);
  group.count += 1;
  if (group.first.length < examples) group.first.push(place.trim());
}

async function printSummary(
  { rows, left, used, impossible, lost }: UndoSummary,
  { out, sandbox }: { readonly out: string | undefined; readonly sandbox: boolean },
  { stderr }: Context,
): Promise<void> {
  const list = (words: string, groups: Map<string, Group>) =>
    [...groups].map(([reason, { count, first }]) => {
      const more = count > first.length ? ', …' : '';
      return neutralize(`${count} ${words}: ${reason} (${first.join(', ')}${more})`);
    });
  const next = out === undefined || rows === 0 ? [] : [`Next: ${manifestCommand({ path: out, used, sandbox })}`];
  const later = `${many(left, 'later change')} of the same person or group left out: the state before the first change is restored`;
  const lines = [
    ...(sandbox ? [`${rehearsalNotice}.`] : []),
    ...list("can't be undone", impossible),
    ...list('only partly restored', lost),
    ...(left === 0 ? [] : [later]),
  ];
  await print(stderr, [...lines, `${many(rows, 'row')} to run, newest change first.`, ...next].join('\n'));
}
