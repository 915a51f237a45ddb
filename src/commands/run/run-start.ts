// Builds the first line of a report: manifests and settings, never the key.
import type { Address } from '../../actions/action.ts';
import type { RunStart } from '../../report/events.ts';
import type { PermittedPlan } from '../../plan/approval/permit-plan.ts';
import { linesOf } from '../check-input.ts';
import type { CheckedManifests, PlannedRun } from '../plan-manifests.ts';

export interface RunStartFacts {
  readonly plan: Pick<PlannedRun, 'settings' | 'unmatchedGuards'>;
  readonly checked: CheckedManifests;
  readonly permitted: PermittedPlan | undefined;
  readonly address: Address;
  readonly version: string;
}

/** The `run-start` line. */
export function runStartLine({ plan, checked, permitted, address, version }: RunStartFacts): RunStart {
  const { api, guards, run, job, prices } = plan.settings;
  const lines = linesOf(checked.set, checked.check.files);
  return {
    event: 'run-start',
    tool: 'leavers',
    version,
    org: api.org,
    ...(api.orgName === undefined ? {} : { orgName: api.orgName }),
    api: address.generation,
    directory: address.generation === 'v2' ? address.directory : null,
    manifests: checked.check.files.map(({ path, sha256, rows }, at) => ({
      path,
      sha256,
      rows,
      lines: lines[at] ?? rows,
    })),
    job: run.job ?? null,
    ...(job?.name === undefined ? {} : { jobName: job.name }),
    operator: guards.operator,
    rehearsal: run.sandbox !== false,
    ...(permitted === undefined ? {} : { plan: planFacts(permitted) }),
    ...(permitted?.approvals === undefined ? {} : { approvals: permitted.approvals }),
    ...(prices === undefined ? {} : { prices }),
    unmatchedGuards: plan.unmatchedGuards ?? [],
    settings: {
      baseUrl: api.baseUrl.href,
      rate: api.rate,
      burst: api.burst,
      concurrency: api.concurrency,
      retries: api.retries,
      timeoutMs: api.timeoutMs,
      maxDurationMs: api.maxDurationMs ?? null,
      allow: guards.allow,
      accept: guards.accept,
      approvers: guards.approvers ?? null,
      maxChanges: guards.maxChanges,
      maxFailures: guards.maxFailures,
      protected: guards.protect.size,
      includeAdmins: guards.includeAdmins,
      resume: run.resume,
      retryUnknown: run.retryUnknown,
      skipInvalid: run.skipInvalid,
      dryRun: run.dryRun,
      sandbox: run.sandbox !== false,
    },
  };
}

function planFacts({ path, plan: { created, sha256 } }: PermittedPlan): NonNullable<RunStart['plan']> {
  return { path, created, sha256 };
}
