// evidenceTable: one line per leaver for an auditor: who, what was closed and when, by whom, the proof, what is still open, and what is not covered.
import type { RowLine, RunEnd, RunStart } from '../events.ts';
import { sealOf } from '../hash-chain.ts';
import { isUnsent } from '../hints.ts';
import { organizationWords } from '../../text/phrases.ts';
import { isRehearsal } from '../summary.ts';
import type { OutputRow, OutputTable } from '../../storage/tables/output-table.ts';
import { backWords, type ClosedPart } from './closed-access.ts';
import { type LeaverClosure, notCovered } from './leaver-closure.ts';
import { leaverClosures, type RowsAndFindings } from './leaver-closures.ts';

/** The run that wrote a line; `h` of its end is its seal. */
export interface EvidenceRun {
  readonly start: RunStart;
  readonly end?: (RunEnd & { readonly h: string }) | undefined;
}

/** The sources of the evidence beside the rows. */
export interface EvidenceSource {
  runOf(runId: string): EvidenceRun | undefined;
  /** The hash chain of every report is intact. */
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
  'suspended',
  'removed',
  'deactivated',
  'groups',
  'directRoles',
  'admin',
  'tokens',
  'auditEvent',
  'auditActor',
  'open',
  'notCovered',
  'seal',
  'organization',
] as const;

const dates: ReadonlySet<string> = new Set(['effectiveDate', 'removedAt']);

/**
 * One line a leaver of an organization: everybody with a row that ends all access. Of each person the first such row that did so counts,
 * else the last attempt. Access that a later row gave back is not closed: its outcome is `given back`. `effectiveDate` is the row's
 * `notBefore`; `delayHours` is from there to `removedAt`, and empty when one of them is unknown.
 */
export function evidenceTable(lines: RowsAndFindings, source: EvidenceSource): OutputTable {
  const named = columns.map((name) => ({ name, isDate: dates.has(name) }));
  return { purpose: 'people', columns: named, rows: evidenceRows(lines, source) };
}

async function* evidenceRows(lines: RowsAndFindings, source: EvidenceSource): AsyncGenerator<OutputRow> {
  const scopeOf = (runId: string) => scopeOfRun(source.runOf(runId));
  for await (const closure of leaverClosures(lines, scopeOf)) {
    const { main } = closure;
    if (main === undefined) continue;
    const cells: Readonly<Record<string, unknown>> = { ...rowCells(main, source), ...closureCells(closure) };
    yield Object.fromEntries(columns.map((name) => [name, cells[name] ?? null]));
  }
}

/** Rows of another organization, or of a rehearsal, say nothing about this person's access. */
function scopeOfRun(run: EvidenceRun | undefined): string {
  return run === undefined ? '' : `${run.start.org} ${isRehearsal(run.start) ? 'rehearsal' : ''}`;
}

const hour = 3_600_000;

/** Hours from the effective date of a row to its end, or undefined. */
export function delayOf({ fields, time, outcome }: RowLine): number | undefined {
  const { notBefore } = fields;
  const due = Date.parse(typeof notBefore === 'string' ? notBefore : '');
  return Number.isNaN(due) || outcome !== 'done' ? undefined : (Date.parse(time) - due) / hour;
}

type Cells = Readonly<Partial<Record<(typeof columns)[number], unknown>>>;

/** Cells about the row that ended access, and its run. Access that was given back is not closed. */
function rowCells({ line, back }: ClosedPart, source: EvidenceSource): Cells {
  const { start, end } = source.runOf(line.runId) ?? {};
  const delay = back === undefined ? delayOf(line) : undefined;
  return {
    reference: line.reference,
    email: line.email,
    accountId: line.accountId,
    effectiveDate: line.fields['notBefore'],
    removedAt: line.outcome === 'done' && back === undefined ? line.time : undefined,
    delayHours: delay === undefined ? undefined : Math.round(delay * 10) / 10,
    action: line.action,
    outcome: back === undefined ? line.outcome : 'given back',
    by: start?.operator,
    requestId: line.requestId ?? line.error?.traceId,
    verified:
      back === undefined ? verdict(line, source) : `access was ended, ${backWords(back)}; ${chainWords(source)}`,
    runId: line.runId,
    lineHash: line.h,
    rehearsal: start !== undefined && isRehearsal(start) ? 'REHEARSAL' : undefined,
    approvedBy: start?.approvals?.map(({ approver }) => approver).join('; '),
    organization: start === undefined ? undefined : organizationWords(start.orgName, start.org),
    seal: end === undefined ? undefined : sealOf(end.h),
  };
}

/** Cells about all rows of the person, and the findings of `verify --record`. */
function closureCells({ closed, auditEvents, auditActors, open }: LeaverClosure): Cells {
  const { groups, directRoles, ...parts } = closed;
  return {
    ...parts,
    groups: listed(groups),
    directRoles: listed(directRoles),
    auditEvent: listed(auditEvents),
    auditActor: listed(auditActors),
    open,
    notCovered: notCovered.join(', '),
  };
}

function listed(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** The proof of the outcome, in words. */
function verdict(line: RowLine, source: EvidenceSource): string {
  const { outcome, status, attempts } = line;
  const chain = chainWords(source);
  if (outcome === 'already') return `found in this state; ${chain}`;
  if (line.ambiguous && outcome !== 'done') return `it is unknown whether access was ended (${outcome}); ${chain}`;
  if (isUnsent(line)) return `no access was ended (nothing was sent); ${chain}`;
  if (line.reason === 'mismatch')
    return `no access was ended (skipped: account id and e-mail belong to two people); ${chain}`;
  if (outcome !== 'done') return `no access was ended (${outcome}); ${chain}`;
  const answered = status !== null && status < 300;
  return `${answered ? `HTTP ${status}` : attempts === 0 || !answered ? 'found in this state afterwards' : ''}; ${chain}`;
}

function chainWords({ isIntact }: Pick<EvidenceSource, 'isIntact'>): string {
  return isIntact ? 'chain intact' : 'chain broken';
}
