// The part of `leavers verify` that asks the organization: its state now, its audit log, and findings written to the reports.
import { dirname } from 'node:path';
import { exitCodes, LeaversError } from '../../errors.ts';
import { type Account, readAccess } from '../../directory/open-access.ts';
import { subjectOf } from '../../model.ts';
import type { Verification } from '../../report/events.ts';
import { lastRows, openReportSet, refuseMixedOrganizations, type ReportSet } from '../../report/read/report-set.ts';
import type { Session } from '../../session/session.ts';
import { openSessionFor } from '../../session/open-session.ts';
import { Spool } from '../../storage/spool.ts';
import { print } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';
import { many } from '../../text/phrases.ts';
import type { Call } from '../command.ts';
import { contextBeside } from '../disk-context.ts';
import { type AuditCheck, checkAuditLog, keptEvent } from './audit-check.ts';
import { checkLive, type LiveCheck } from './live-check.ts';
import type { Change } from './match-events.ts';
import { type Finding, type Recorded, recordFindings } from './record-findings.ts';

/** Rows whose present state is as reported (`as`), differs, or can't be checked (`untold`). */
export interface LiveCounts {
  as: number;
  untold: number;
  readonly differing: {
    readonly row: number;
    readonly file: string;
    readonly line: number;
    readonly action: string | null;
    readonly who: string;
    seen: string | null;
  }[];
}

/** The results of the checks; absent when not requested. */
export interface OrganizationCheck {
  readonly live?: LiveCounts;
  readonly audit?: AuditCheck;
  readonly recorded: readonly Recorded[];
}

/** Time until reads show a change (role changes and memberships lag). */
const lagMs = 30_000;

/** Runs the checks that the flags request. Throws LeaversError `key` when the audit log may not be read, and `usage` for flags that do not fit. */
export async function checkOrganization(call: Call): Promise<OrganizationCheck> {
  const { args: words, flag: readFlag } = call;
  const reports = await openReportSet(words.positionals);
  refuseMixedOrganizations(reports, readFlag('live') ? '--live' : '--audit-log');
  const context = await contextBeside(dirname(words.positionals[0] ?? '.'), readFlag('quiet'), call.context);
  const settings = await call.settings({ online: true });
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal])));
  const { organization, settings: opened } = await openSessionFor(settings, context, { stack, signal: signals.stop });
  const [start] = reports.starts;
  const { org } = opened.api;
  if (start !== undefined && start.org !== org)
    throw new LeaversError('config', `the report is for organization ${start.org}, but this is ${org}`);
  using findings = new Spool<Finding>(context.tmpdir);
  const request = { call, reports, organization, findings };
  if (readFlag('audit-log') && settings.run.sandbox !== false)
    await print(
      context.stderr,
      'the simulated organization of --sandbox starts with an empty audit log; leavers sandbox keeps one between commands',
    );
  const audit = readFlag('audit-log') ? await askAuditLog(request, org) : undefined;
  const wait = async (differing: number) => {
    await print(
      context.stderr,
      `${many(differing, 'row differs', 'rows differ')}; reading again in ${lagMs / 1000} s, because changes can show late`,
    );
    if (settings.run.sandbox === false) await context.sleep(lagMs, signals.stop);
  };
  const found = new FindingWriter(findings, audit);
  const live = readFlag('live') ? await askDirectory(request, found, wait) : undefined;
  found.addRest();
  const recorded = readFlag('record') ? await recordFindings(reports.paths, () => findings.entries(), context) : [];
  return { ...(live === undefined ? {} : { live }), ...(audit === undefined ? {} : { audit }), recorded };
}

interface Asked {
  readonly call: Call;
  readonly reports: ReportSet;
  readonly organization: Session;
  readonly findings: Spool<Finding>;
}

function askAuditLog({ call, reports, organization }: Asked, org: string): Promise<AuditCheck> {
  const { client } = organization;
  const source = { client, org, keyLabel: call.flag('key-label'), now: call.context.clock.now() };
  return checkAuditLog(reports.lines(), source);
}

async function askDirectory(
  { call, reports, organization }: Asked,
  found: FindingWriter,
  wait: (differing: number) => Promise<void>,
): Promise<LiveCounts> {
  const { client, directory } = organization;
  const counts: LiveCounts = { as: 0, untold: 0, differing: [] };
  const readOpen = call.flag('record') ? (account: Account) => readAccess(client, directory, account) : undefined;
  for await (const check of checkLive(lastRows(reports), { directory, readOpen, wait })) {
    const { line, holds, seen } = check;
    if (holds === undefined) counts.untold += 1;
    else if (holds) counts.as += 1;
    else
      counts.differing.push({
        row: line.row,
        file: line.file,
        line: line.line,
        action: line.action,
        who: subjectOf(line),
        seen,
      });
    found.addLive(check);
  }
  return counts;
}

/** Combines the results of directory and audit log for a row into one finding. */
class FindingWriter {
  readonly #findings: Spool<Finding>;
  readonly #changes: Map<string, Change>;

  constructor(findings: Spool<Finding>, audit: AuditCheck | undefined) {
    this.#findings = findings;
    const all = audit === undefined ? [] : [...audit.confirmed, ...audit.byOthers, ...audit.notFound];
    this.#changes = new Map(all.map((change) => [change.key, change]));
  }

  addLive({ line, holds, seen, open }: LiveCheck): void {
    const state = holds === undefined ? 'unknown' : holds ? 'as-reported' : 'differs';
    const change = this.#changes.get(line.key);
    this.#changes.delete(line.key);
    const checked = change === undefined ? (['live'] as const) : (['live', 'audit-log'] as const);
    this.#add(line.runId, { key: line.key, checked, state, seen, ...eventOf(change), open });
  }

  /** Adds changes without a directory check. */
  addRest(): void {
    for (const change of this.#changes.values())
      this.#add(change.runId, {
        key: change.key,
        checked: ['audit-log'],
        state: 'unknown',
        seen: null,
        ...eventOf(change),
        open: null,
      });
  }

  #add(runId: string, finding: Omit<Verification, 'event'>): void {
    this.#findings.add({ runId, verification: { event: 'verification', ...finding } });
  }
}

function eventOf(change: Change | undefined): Pick<Verification, 'auditEvent'> {
  return { auditEvent: change?.event === undefined ? null : keptEvent(change.event) };
}
