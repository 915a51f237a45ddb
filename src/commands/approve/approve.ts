// `leavers approve`: signs a saved plan, after it was checked as run would check it.
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { checkManifests, type ManifestCheck, openManifests } from '../../manifest/manifest-set.ts';
import { fieldParsers } from '../../manifest/rows/field-parsers.ts';
import { FieldError } from '../../manifest/rows/row.ts';
import type { SavedPlan } from '../../manifest/saved-plan.ts';
import {
  addApproval,
  approvalPath,
  checkApproval,
  readApprovals,
  signApproval,
} from '../../plan/approval/approval-file.ts';
import { type ApproverKey, createKey, readKeyFile } from '../../plan/approval/approver-key.ts';
import { refuseUnfit } from '../../plan/approval/permit-plan.ts';
import { foldName } from '../../model.ts';
import { quote } from '../../text/quote.ts';
import { many, utcMinute } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { print, printData, printLines } from '../../terminal/output.ts';

export interface ApproveOptions {
  /** Undefined to create a key only. */
  readonly plan: string | undefined;
  /** E-mail. */
  readonly approver: string;
  /** Path of the key to sign with. */
  readonly key: string | undefined;
  /** Path of a new key. */
  readonly newKey: string | undefined;
  readonly maxAgeMs: number;
  readonly quiet: boolean;
}

/** Makes a key, signs a plan, or both, and returns the exit code. A new key's public line is all that goes to stdout. */
export async function approve(options: ApproveOptions, context: Context): Promise<number> {
  const { plan: path } = options;
  const approver = readEmail(options.approver);
  const checked = path === undefined ? undefined : await readPlan(path, options, context);
  const key = await keyOf({ ...options, approver }, context);
  if (path === undefined || checked === undefined) return exitCodes.ok;
  const { sha256 } = checked.plan;
  if (!options.quiet) await printLines(context.stderr, describe(path, checked));
  const done = `${path} is approved by ${approver}`;
  if (await isApproved(path, { sha256, approver, key }, context)) {
    await print(context.stderr, neutralize(`${done} already`));
    return exitCodes.ok;
  }
  const time = new Date(context.clock.now()).toISOString();
  await addApproval(path, await signApproval({ approver, time }, sha256, key), context);
  await print(context.stderr, neutralize(`${done}, in ${approvalPath(path)}`));
  return exitCodes.ok;
}

/** The e-mail as the list of approvers has it. Throws LeaversError `usage` for another text. */
function readEmail(text: string): string {
  const read = fieldParsers.email(text.trim(), String);
  if (!(read instanceof FieldError)) return read;
  throw new LeaversError('usage', `--as ${quote(text)} is not an e-mail; give one like jo@example.com`);
}

interface CheckedPlan {
  readonly plan: SavedPlan;
  readonly check: ManifestCheck;
}

/** The plan with its rows checked. Throws LeaversError `refused` for a plan that a run would refuse, InputError for invalid rows. */
async function readPlan(path: string, { maxAgeMs }: ApproveOptions, context: Context): Promise<CheckedPlan> {
  const set = await openManifests([path], {}, context);
  try {
    const plan = set.manifests[0]?.plan;
    if (plan === undefined)
      throw new LeaversError(
        'refused',
        `refused: ${path} is not a saved plan; save one with leavers plan --out plan.json`,
      );
    refuseUnfit(path, plan, { maxAgeMs, now: context.clock.now() });
    return { plan, check: await checkManifests(set, { skipInvalid: false }) };
  } finally {
    await set.close();
  }
}

async function keyOf({ key, newKey, approver }: ApproveOptions, context: Context): Promise<ApproverKey> {
  if (newKey !== undefined) {
    const created = await createKey(newKey, context);
    await print(
      context.stderr,
      neutralize(`${newKey}: your private key; never share it. Add this line to the list of approvers:`),
    );
    await printData(context.stdout, `${approver} ${created.publicKey}`);
    return created;
  }
  const { warnings, ...read } = await readKeyFile(key ?? '', context);
  await printLines(
    context.stderr,
    warnings.map((warning) => neutralize(`warning: ${warning}`)),
  );
  return read;
}

/** A summary of what is signed; `leavers plan` shows every row. */
function describe(path: string, { plan, check: { byAction, rows } }: CheckedPlan): string[] {
  const { org, directory, created, sha256 } = plan;
  return [
    `${path}: ${many(rows, 'row')} for organization ${org}${directory === null ? '' : `, directory ${directory}`}`,
    `Made ${utcMinute(created)}, sha256:${sha256}`,
    ...Object.entries(byAction).map(([action, count]) => `  ${count} × ${action}`),
  ].map(neutralize);
}

/** True when this person has approved this plan with this key. */
async function isApproved(
  path: string,
  { sha256, approver, key }: { readonly sha256: string; readonly approver: string; readonly key: ApproverKey },
  context: Context,
): Promise<boolean> {
  const approvers = new Map([[foldName(approver), { email: approver, publicKey: key.publicKey }]]);
  const lines = await readApprovals(path, context);
  const checked = await Promise.all(lines.map(({ jws }) => checkApproval(jws, { sha256, approvers, operator: '' })));
  return checked.some((each) => typeof each !== 'string');
}
