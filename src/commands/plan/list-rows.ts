// The rows of a plan one by one, for `plan --all`: as data for JSON, and as a line of text.
import type { PlanEntry } from '../../plan/plan-entry.ts';
import { nameRecord, type Shown } from '../../plan/plan-summary.ts';
import type { Verdict } from '../../plan/verdict.ts';
import type { ActionName } from '../../model.ts';
import { actionWords } from '../../text/action-words.ts';
import { neutralize } from '../../text/sanitize.ts';

/** One row of a plan and its verdict. */
export interface ListedRow extends Partial<Shown> {
  readonly file: string;
  readonly line: number;
  /** Absent for an invalid row. */
  readonly action?: ActionName;
  readonly verdict: Verdict['verdict'] | 'invalid';
  /** Why a row is skipped. */
  readonly reason?: string;
  readonly message?: string;
}

/** A plan's entry as data. */
export function listRow(entry: PlanEntry): ListedRow {
  if ('invalid' in entry) {
    const { file, line, issues } = entry.invalid;
    return { file, line, verdict: 'invalid', message: issues.map(({ message }) => message).join('; ') };
  }
  const { record, verdict } = entry.planned;
  const { message } = verdict;
  return {
    ...nameRecord(entry.planned),
    action: record.action,
    verdict: verdict.verdict,
    ...('reason' in verdict ? { reason: verdict.reason } : {}),
    ...(message === undefined ? {} : { message }),
  };
}

const words: Readonly<Partial<Record<ListedRow['verdict'], string>>> = { run: 'to run', skip: 'skipped' };

/** `people.csv:14 suspend-user Ada Lovelace <ada@example.com>: skipped (admin), an organization admin`. */
export function renderRow({ file, line, action, who, does, verdict, reason, message }: ListedRow): string {
  const description = [action, who, does].filter((part) => part !== undefined && part !== '').join(' ');
  const state =
    verdict === 'already' && action !== undefined ? actionWords[action].already : (words[verdict] ?? verdict);
  const decided = `${state}${reason === undefined ? '' : ` (${reason})`}`;
  const why = message === undefined || message === who ? '' : `, ${message}`;
  return neutralize(`${file}:${line} ${description === '' ? '' : `${description}: `}${decided}${why}`);
}
