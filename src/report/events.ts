// The lines of a report as types (contract, section 5). `time`, `runId`, `schema` and `h` are added by the journal.
import type { ActionName, ApiToken, OutcomeName } from '../model.ts';

/** Monthly price of a seat, by product. */
export interface Prices {
  readonly currency?: string | undefined;
  readonly perSeat: Readonly<Record<string, number>>;
}

export interface RunStart {
  readonly event: 'run-start';
  readonly tool: 'leavers';
  readonly version: string;
  readonly org: string;
  /** The organization's own name as read by `init`, else the name of its profile; absent without a profile, and in reports of versions before it. */
  readonly orgName?: string;
  readonly api: string;
  readonly directory: string | null;
  readonly manifests: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly rows: number;
    readonly lines?: number;
  }[];
  /** Path of the job file, as given. */
  readonly job: string | null;
  /** The name that the job file gives itself; absent without one, and in reports of versions before it. */
  readonly jobName?: string;
  readonly operator: string;
  /** The run was made on the simulated organization; absent in reports of versions before it. */
  readonly rehearsal?: boolean;
  /** The saved plan that was run: its hash, and when it was made. */
  readonly plan?: { readonly path: string; readonly created: string; readonly sha256: string };
  /** Who approved the plan, when an approval was wanted. */
  readonly approvals?: readonly { readonly approver: string; readonly time: string }[];
  /** Guard entries that match nobody in the directory; absent in reports of versions before it. */
  readonly unmatchedGuards?: readonly string[];
  /** Prices of seats, from the job; absent in reports of versions before it. */
  readonly prices?: Prices;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface RowSent {
  readonly event: 'row-sent';
  readonly key: string;
  readonly row: number;
  /** API tokens that the row will revoke; absent for other actions, and in reports of versions before it. */
  readonly listed?: readonly ApiToken[];
}

export interface RowEnd {
  readonly event: 'row';
  readonly key: string;
  readonly row: number;
  readonly file: string;
  readonly line: number;
  readonly action: ActionName | null;
  readonly accountId: string | null;
  readonly email: string | null;
  readonly groupId: string | null;
  readonly groupName: string | null;
  readonly reference: string | null;
  readonly outcome: OutcomeName;
  readonly reason: string | null;
  readonly status: number | null;
  readonly attempts: number;
  readonly ambiguous: boolean;
  readonly ms: number;
  /** Time that the API took for the row's calls; absent without a call, and in reports of versions before it. */
  readonly apiMs?: number;
  readonly message: string | null;
  readonly error: {
    readonly code: string | null;
    readonly title: string | null;
    readonly detail: string | null;
    readonly traceId: string | null;
  } | null;
  /** Request id of the last response, for the vendor's support; absent in reports of versions before it. */
  readonly requestId?: string | null;
  readonly result: unknown;
  /** Further parameters of the row (roles, description …), for undo and retry. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Counts = Readonly<Record<string, Readonly<Partial<Record<OutcomeName, number>>>>>;

export interface RunEnd {
  readonly event: 'run-end';
  readonly outcome: 'complete' | 'stopped' | 'interrupted';
  readonly reason: string | null;
  /** Outcomes by action. */
  readonly counts: Counts;
  readonly requests: number;
  readonly throttled: number;
  /** Total wait for the rate limit in ms, and when (epoch ms); absent in reports of versions before it. */
  readonly throttledMs?: number;
  readonly waits?: readonly { readonly at: number; readonly ms: number }[];
  readonly seconds: number;
  /** Keys of rows with a `row-sent` line that were never sent, because the run stopped first; a resumed run treats them as new. */
  readonly unsent?: readonly string[];
  /** Number of rows that leave a person with access that should have ended, for a reason that is not accepted; absent when there is none. */
  readonly leftOut?: number;
}

/** What `verify` found about a completed row. Several lines about one row are merged; the last value counts. */
export interface Verification {
  readonly event: 'verification';
  readonly key: string;
  /** Sources of the finding. */
  readonly checked?: readonly ('live' | 'audit-log')[];
  /** The state that was read, compared with the one that the row reports. */
  readonly state: 'as-reported' | 'differs' | 'unknown';
  /** The state that was read, in words; null when nothing was read. */
  readonly seen: string | null;
  /** The event of the organization's own audit log; null when there is none, or it was not checked. */
  readonly auditEvent: {
    readonly id: string;
    readonly time: string;
    readonly action: string;
    /** The label of the key with its owner, or the person. */
    readonly actor: string;
  } | null;
  /** The remaining access of a leaver; a part that was not read is null. */
  readonly open: OpenAccess | null;
}

/** Names of groups, direct roles as `role@resource`, the number of API tokens, and whether they are an organization admin. */
export interface OpenAccess {
  readonly groups: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly apiTokens: number | null;
  readonly admin: boolean | null;
}

export type ReportEvent = RunStart | RowSent | RowEnd | RunEnd | Verification;
/** Fields that the journal adds to every line. */
interface Framed {
  readonly time: string;
  readonly runId: string;
  readonly schema: 1;
  /** 1-based number of the line. */
  readonly seq: number;
  readonly h: string;
}

/** A line as read back. */
export type ReportLine = ReportEvent & Framed;
/** A finding as read back. */
export type VerificationLine = Verification & Framed;
/** A finished row as read back. */
export type RowLine = RowEnd & Framed;
