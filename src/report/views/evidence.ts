// One line a leaver for an auditor: who, since when they had to be out, when access ended, by whom, and what shows it.
import { createHash } from 'node:crypto';
import { KeyTable } from '../../storage/key-table.ts';
import type { RowLine, RunStart } from '../events.ts';
import { isUnsent } from '../hints.ts';
import { isRehearsal } from '../summary.ts';
import type { OutputRow, OutputTable } from '../../storage/tables/output-table.ts';
import type { Rows } from './report-csv.ts';

/** What the evidence rests on beside the rows. */
export interface EvidenceSource {
  /** The start of the run that wrote a line. */
  startOf(runId: string): RunStart | undefined;
  /** The hash chain of every report was checked and is intact. */
  readonly isIntact: boolean;
}

const columns = [
  'reference',
  'email',
  'accountId',
  'effectiveDate',
  'removedAt',
  'delayHours',
  'action',
  'outcome',
  'by',
  'requestId',
  'verified',
  'runId',
  'lineHash',
  'rehearsal',
  'approvedBy',
] as const;

const dates: ReadonlySet<string> = new Set(['effectiveDate', 'removedAt']);

/**
 * One line a person. Of each person the first row that ended access counts, else the last attempt. `effectiveDate` is
 * the row's `notBefore`; `delayHours` is from there to `removedAt`, and empty when one of the two is not known.
 */
export function evidenceTable(rows: Rows, grounds: EvidenceSource): OutputTable {
  const named = columns.map((name) => ({ name, isDate: dates.has(name) }));
  return { purpose: 'people', columns: named, rows: evidenceRows(rows, grounds) };
}

async function* evidenceRows(rows: Rows, grounds: EvidenceSource): AsyncGenerator<OutputRow> {
  const best = new KeyTable();
  for await (const line of rows()) {
    if (isLeaving(line) && rankOf(line) > best.get(keyOf(line))) best.set(keyOf(line), rankOf(line));
  }
  for await (const line of rows()) {
    if (!isLeaving(line) || best.get(keyOf(line)) !== rankOf(line)) continue;
    best.set(keyOf(line), told);
    const cells = evidenceOf(line, grounds);
    yield Object.fromEntries(columns.map((name) => [name, cells[name] ?? null]));
  }
}

/** Above every rank: the person has their line. */
const told = 255;

function rankOf({ outcome }: RowLine): number {
  if (outcome === 'done') return 3;
  return outcome === 'already' ? 2 : 1;
}

function isLeaving({ action, accountId, email }: RowLine): boolean {
  return (action === 'suspend-user' || action === 'remove-user') && (accountId ?? email) !== null;
}

/** A row of two people has a line of its own: it counts for neither of them. */
function keyOf({ accountId, email, reason }: RowLine): string {
  const who = reason === 'mismatch' ? `${accountId} ${email}` : (accountId ?? email ?? '');
  return createHash('sha256').update(who).digest('hex');
}

const hour = 3_600_000;

/** Hours from the effective date of a row to its end, or undefined. */
export function delayOf({ fields, time, outcome }: RowLine): number | undefined {
  const { notBefore } = fields;
  const due = Date.parse(typeof notBefore === 'string' ? notBefore : '');
  return Number.isNaN(due) || outcome !== 'done' ? undefined : (Date.parse(time) - due) / hour;
}

function evidenceOf(line: RowLine, grounds: EvidenceSource): Record<(typeof columns)[number], unknown> {
  const start = grounds.startOf(line.runId);
  const ended = line.outcome === 'done';
  const delay = delayOf(line);
  return {
    reference: line.reference,
    email: line.email,
    accountId: line.accountId,
    effectiveDate: line.fields['notBefore'],
    removedAt: ended ? line.time : undefined,
    delayHours: delay === undefined ? undefined : Math.round(delay * 10) / 10,
    action: line.action,
    outcome: line.outcome,
    by: start?.operator,
    requestId: line.requestId ?? line.error?.traceId,
    verified: verdict(line, grounds.isIntact),
    runId: line.runId,
    lineHash: line.h,
    rehearsal: start !== undefined && isRehearsal(start) ? 'REHEARSAL' : undefined,
    approvedBy: start?.approvals?.map(({ approver }) => approver).join('; '),
  };
}

/** What speaks for the outcome. */
function verdict(line: RowLine, isIntact: boolean): string {
  const { outcome, status, attempts } = line;
  const chain = isIntact ? 'chain intact' : 'chain broken';
  if (outcome === 'already') return `found in this state; ${chain}`;
  if (line.ambiguous && outcome !== 'done') return `it is not known whether access was ended (${outcome}); ${chain}`;
  if (isUnsent(line)) return `no access was ended (nothing was sent); ${chain}`;
  if (line.reason === 'mismatch')
    return `no access was ended (skipped: account id and e-mail belong to two people); ${chain}`;
  if (outcome !== 'done') return `no access was ended (${outcome}); ${chain}`;
  const answered = status !== null && status < 300;
  return `${answered ? `HTTP ${status}` : attempts === 0 || !answered ? 'found in this state afterwards' : ''}; ${chain}`;
}
