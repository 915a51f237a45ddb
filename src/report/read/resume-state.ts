// readResumeState: the state of a report that resume needs, in a few bytes per row.
import { KeyTable } from '../../storage/key-table.ts';
import type { ApiToken, Fields, JobRecord, LeftOutReason, OutcomeName } from '../../model.ts';
import { GoneNames } from './gone-names.ts';
import { ListedTokens } from './listed-tokens.ts';
import { ManifestDiff } from './manifest-diff.ts';
import type { ReportLine, RowLine, RowSent, RunStart } from '../events.ts';
import { atStart, type Progress, readBatches } from './read-lines.ts';
import { leftOutReason } from '../left-out.ts';
import { dateOf, outcomeAt, sent, wasLeftOut, withDay, withLeftOut } from './row-state.ts';
import { SummaryBuilder } from '../summary.ts';

export interface ResumeState {
  readonly exists: boolean;
  /** The last outcome of a row; undefined when it was completed before the date that it has now. */
  outcome(record: Pick<JobRecord, 'key' | 'action' | 'fields'>): OutcomeName | undefined;
  /** The row was sent and its effect is unknown: there is no outcome after it, or it failed without a response. */
  isSentWithoutOutcome(key: string): boolean;
  /** Whether rows of the report have removed the person or deleted the group that these fields name. */
  gone(fields: Fields): ReturnType<GoneNames['of']>;
  /** The API tokens that earlier attempts of the row listed before they revoked them. */
  listedBefore(key: string): readonly ApiToken[];
  /** An earlier run left the row's person out for this reason. */
  wasLeftOut(key: string, reason: LeftOutReason): boolean;
  /** A sentence about a torn last line, if any. */
  readonly torn: string | undefined;
  /** The first and the last `run-start`, to compare with the current settings. */
  readonly first: RunStart | undefined;
  readonly last: RunStart | undefined;
  /** The last run wrote its end. */
  readonly complete: boolean;
  readonly sentOnlyCount: number;
  readonly rows: number;
  /** Compares today's manifest with the rows of the report. */
  readonly changes: ManifestDiff;
  /** The totals of the report's lines, and the read position. Counting continues from there. */
  readonly summary: SummaryBuilder;
  readonly progress: Progress;
}

/** The state for a report that does not exist yet. */
export const emptyResumeState = (): ResumeState => ({
  exists: false,
  outcome: () => undefined,
  isSentWithoutOutcome: () => false,
  wasLeftOut: () => false,
  listedBefore: () => [],
  gone: () => ({ person: false, group: false }),
  torn: undefined,
  first: undefined,
  last: undefined,
  complete: true,
  sentOnlyCount: 0,
  rows: 0,
  changes: new ManifestDiff(new KeyTable('wide')),
  summary: new SummaryBuilder('once'),
  progress: atStart(),
});

class ResumeStateBuilder {
  readonly table = new KeyTable('wide');
  readonly changes = new ManifestDiff(this.table);
  readonly summary = new SummaryBuilder(this.table);
  first: RunStart | undefined;
  last: RunStart | undefined;
  complete = true;
  sentOnlyCount = 0;
  readonly gone = new GoneNames();
  readonly listed = new ListedTokens();

  add(line: ReportLine): void {
    this.summary.add(line);
    if (line.event === 'run-start') {
      this.first ??= line;
      this.last = line;
    }
    // `verify --record` appends its findings after a `run-end`; the run stays complete.
    if (line.event !== 'verification') this.complete = line.event === 'run-end';
    if (line.event === 'row-sent') this.#sent(line);
    if (line.event === 'row') this.#ended(line);
    if (line.event === 'run-end') for (const key of line.unsent ?? []) this.#unsent(key);
  }

  #sent(line: RowSent): void {
    const { key } = line;
    this.listed.sent(line);
    const value = this.table.get(key);
    if ((value & sent) === 0) this.sentOnlyCount += 1;
    this.table.set(key, value | sent);
  }

  #unsent(key: string): void {
    this.listed.unsent(key);
    const value = this.table.get(key);
    if ((value & sent) !== 0) this.sentOnlyCount -= 1;
    this.table.set(key, value & ~sent);
  }

  /** A row that may have been applied stays marked as sent, so that resume looks it up before sending it again. */
  #ended(line: RowLine): void {
    const { key, outcome, ambiguous, time } = line;
    this.gone.add(line);
    this.listed.ended(line);
    const reason = leftOutReason(line);
    const state = reason === undefined ? this.table.get(key) : withLeftOut(this.table.get(key), reason);
    const open = ambiguous && outcome !== 'done' && outcome !== 'already' ? sent : 0;
    this.sentOnlyCount += Math.sign(open - (state & sent));
    this.table.set(key, withDay((state & ~sent) | open, time));
  }
}

/** Reads a report for resume. The journal continues it at byte `size`, and chains its next line to the hash `head`. */
export async function readResumeState(
  path: string,
): Promise<{ earlier: ResumeState } & Pick<Progress, 'size' | 'head' | 'lines'>> {
  const builder = new ResumeStateBuilder();
  const progress = atStart();
  for await (const lines of readBatches(path, progress)) for (const line of lines) builder.add(line);
  const { table, first, last, complete, sentOnlyCount } = builder;
  const torn = progress.torn
    ? `${path}:${progress.lines + 1}: the last line is torn, as by a crash or a full disk; it was cut off, and the report continues after line ${progress.lines}`
    : undefined;
  const earlier: ResumeState = {
    exists: progress.lines > 0,
    outcome: (record) => outcomeAt(table.get(record.key), dateOf(record)),
    isSentWithoutOutcome: (key) => (table.get(key) & sent) !== 0,
    gone: (fields) => builder.gone.of(fields),
    listedBefore: (key) => builder.listed.of(key),
    wasLeftOut: (key, reason) => wasLeftOut(table.get(key), reason),
    torn,
    first,
    last,
    complete,
    sentOnlyCount,
    rows: builder.summary.rows,
    changes: builder.changes,
    summary: builder.summary,
    progress,
  };
  return { earlier, size: progress.size, head: progress.head, lines: progress.lines };
}
