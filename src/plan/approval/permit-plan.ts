// permitPlan: checks that a saved plan may run: unchanged, not too old, and approved if approval is required.
import type { GuardSettings } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { PlanBinding, SavedPlan } from '../../manifest/saved-plan.ts';
import { foldName } from '../../model.ts';
import { duration } from '../../text/phrases.ts';
import { type Approval, approvalPath, checkApproval, readApprovals } from './approval-file.ts';
import { readApprovers } from './approver-list.ts';

/** A saved plan that may run, and who approved it. */
export interface PermittedPlan {
  readonly path: string;
  readonly plan: SavedPlan;
  /** Undefined when no approval is required. */
  readonly approvals: readonly Approval[] | undefined;
}

/** Tolerated difference between clocks, in ms. */
const skew = 300_000;

/**
 * The saved plan among the manifests of a run; undefined when there is none and none is required. Throws LeaversError `refused` for a plan that
 * was changed, is too old or lacks an approval, `usage` for one beside other manifests, `missing` and `invalid` for the list of approvers.
 */
export async function permitPlan(
  manifests: readonly Pick<Manifest, 'path' | 'plan'>[],
  guards: GuardSettings,
  context: Context,
): Promise<PermittedPlan | undefined> {
  const saved = manifests.find(({ plan }) => plan !== undefined);
  if (saved?.plan === undefined) {
    if (guards.approvers === undefined) return undefined;
    const [first] = manifests;
    throw refusal(
      `${first?.path} is not a saved plan, and only approved plans may run; save one with leavers plan --out plan.json`,
    );
  }
  refuseBesideOthers(manifests);
  const { path, plan } = saved;
  refuseUnfit(path, plan, { maxAgeMs: guards.maxPlanAgeMs, now: context.clock.now() });
  const { approvers } = guards;
  const approvals =
    approvers === undefined ? undefined : await approvalsOf({ path, plan }, { ...guards, approvers }, context);
  return { path, plan, approvals };
}

/** Throws LeaversError `usage` for a saved plan beside other manifests, because the approval covers the whole run. */
export function refuseBesideOthers(manifests: readonly Pick<Manifest, 'path' | 'plan'>[]): void {
  const saved = manifests.find(({ plan }) => plan !== undefined);
  if (saved === undefined || manifests.length === 1) return;
  throw new LeaversError(
    'usage',
    `${saved.path} is a saved plan, which must run alone; run the other manifests separately`,
  );
}

/** Throws LeaversError `refused` for a plan that was changed, or is older than `maxAgeMs`. */
export function refuseUnfit(
  path: string,
  { isIntact, created }: SavedPlan,
  { maxAgeMs, now }: { readonly maxAgeMs: number; readonly now: number },
): void {
  if (!isIntact) throw refusal(`${path} was changed after it was saved; plan it again with --out`);
  const age = now - Date.parse(created);
  if (!(age >= -skew)) throw refusal(`${path} was made at ${created}, which is in the future; check the clock`);
  if (age > maxAgeMs)
    throw refusal(
      `${path} was made ${duration(age)} ago, and --max-plan-age is ${duration(maxAgeMs)}; people may have changed, so plan again`,
    );
}

/** Throws LeaversError `refused` for a plan of another organization or directory; the directory may still be unknown. */
export function refuseForeignPlan(
  { path, plan }: Pick<PermittedPlan, 'path' | 'plan'>,
  current: Pick<PlanBinding, 'org'> & Partial<Pick<PlanBinding, 'directory'>>,
): void {
  if (plan.org !== current.org)
    throw refusal(`${path} is a plan for organization ${plan.org}, but this is ${current.org}`);
  if (current.directory === undefined || plan.directory === current.directory) return;
  throw refusal(`${path} is a plan for ${nameOf(plan.directory)}, but this is ${nameOf(current.directory)}`);
}

function nameOf(directory: string | null): string {
  return directory === null ? 'API v1, which has no directories' : `directory ${directory}`;
}

/** All approvals that count. Throws LeaversError `refused` when there is none, with the reason for each line. */
async function approvalsOf(
  { path, plan }: Pick<PermittedPlan, 'path' | 'plan'>,
  { operator, isLogin, approvers: list }: GuardSettings & { readonly approvers: string },
  context: Context,
): Promise<readonly Approval[]> {
  const approvers = await readApprovers(list, context);
  if (isLogin === true || !operator.includes('@'))
    throw refusal(
      '--approvers needs --operator with the e-mail of the person who runs the plan, who may not approve it',
    );
  const rules = { sha256: plan.sha256, approvers, operator };
  const reasons: string[] = [];
  const approvals = new Map<string, Approval>();
  for (const { line, jws } of await readApprovals(path, context)) {
    const checked = await checkApproval(jws, rules);
    if (typeof checked === 'string') reasons.push(`line ${line} ${checked}`);
    else approvals.set(foldName(checked.approver), checked);
  }
  if (approvals.size > 0) return [...approvals.values()];
  const why = reasons.length === 0 ? `${approvalPath(path)} has none` : reasons.slice(0, 20).join('; ');
  throw refusal(`${path} has no valid approval: ${why}`);
}

function refusal(message: string): LeaversError {
  return new LeaversError('refused', `refused: ${message}`);
}
