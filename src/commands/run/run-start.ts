// The first line of a report: what is about to run, with which settings, and never the key.
import type { Address } from '../../actions/action.ts';
import type { RunStart } from '../../report/events.ts';
import type { CheckedManifests, PlannedRun } from '../plan-manifests.ts';

export interface RunStartFacts {
  readonly plan: Pick<PlannedRun, 'settings' | 'unmatchedGuards'>;
  readonly checked: CheckedManifests;
  readonly address: Address;
  readonly version: string;
}

/** The `run-start` line. */
export function runStartLine({ plan, checked, address, version }: RunStartFacts): RunStart {
  const { api, guards, run } = plan.settings;
  return {
    event: 'run-start',
    tool: 'leavers',
    version,
    org: api.org,
    api: address.generation,
    directory: address.generation === 'v2' ? address.directory : null,
    manifests: checked.check.files.map(({ path, sha256, rows }) => ({ path, sha256, rows })),
    job: run.job ?? null,
    operator: guards.operator,
    rehearsal: run.sandbox !== false,
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
