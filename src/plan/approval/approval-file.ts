// Approvals of a saved plan: one JWS per line in PLAN.approval, signed and verified with jose.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import { readInput } from '../../storage/input-file.ts';
import { foldName } from '../../model.ts';
import { quote } from '../../text/quote.ts';
import { algorithm, type ApproverKey } from './approver-key.ts';
import type { Approvers } from './approver-list.ts';

/** Who approved a plan, and when by their clock. */
export interface Approval {
  readonly approver: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** Keeps a signature made for another purpose from counting as an approval. */
const type = 'leavers-approval';
/** Most bytes of an approval file; one approval has about 350. */
const maxBytes = 1 << 20;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/** The path of a plan's approvals. */
export function approvalPath(plan: string): string {
  return `${plan}.approval`;
}

/** The JWS of an approval: the approver is its `kid`, the payload has the hash of the plan and the time. */
export function signApproval(
  { approver, time }: Approval,
  sha256: string,
  { privateKey }: Pick<ApproverKey, 'privateKey'>,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ plan: sha256, time }));
  return new CompactSign(payload).setProtectedHeader({ alg: algorithm, typ: type, kid: approver }).sign(privateKey);
}

/** Adds a line to the file of a plan's approvals. Throws LeaversError `report` when it can't be written. */
export async function addApproval(plan: string, jws: string, { cwd }: Pick<Context, 'cwd'>): Promise<void> {
  const path = approvalPath(plan);
  try {
    // Readable by others, because another person runs the plan and a signature is not secret.
    await using file = await open(resolve(cwd, path), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o644);
    // Starts with a line end too, in case the last line was cut off. Readers skip empty lines.
    const { size } = await file.stat();
    await file.write(`${size === 0 ? '' : '\n'}${jws}\n`);
    await file.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LeaversError(
      'report',
      `${path} can't be written (${code}); approve a copy of the plan in another folder`,
    );
  }
}

/** The lines of a plan's approvals with their numbers; none when there is no file. Throws LeaversError `refused` when it can't be read. */
export async function readApprovals(
  plan: string,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<readonly { readonly line: number; readonly jws: string }[]> {
  const path = approvalPath(plan);
  try {
    const lines = (await readInput(resolve(cwd, path), maxBytes)).toString('utf8').split('\n');
    return lines.map((text, at) => ({ line: at + 1, jws: text.trim() })).filter(({ jws }) => jws !== '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new LeaversError('refused', `refused: ${path} can't be read (${code})`);
  }
}

/** The data to check an approval against. */
export interface ApprovalRules {
  /** The hash of the current plan. */
  readonly sha256: string;
  readonly approvers: Approvers;
  /** E-mail of the person who runs the plan, whose own approval does not count. */
  readonly operator: string;
}

/** The approval of one line, or the reason why it does not count. */
export async function checkApproval(jws: string, rules: ApprovalRules): Promise<Approval | string> {
  const kid = kidOf(jws);
  if (kid === undefined) return 'is not an approval';
  const approver = rules.approvers.get(foldName(kid));
  if (approver === undefined) return `by ${quote(kid)}, who is not on the list of approvers`;
  const signed = await verified(jws, approver.publicKey);
  if (signed === undefined) return `does not have the signature of ${quote(approver.email)}`;
  if (signed.plan !== rules.sha256) return `by ${quote(approver.email)} is for another plan`;
  if (foldName(approver.email) === foldName(rules.operator))
    return `by ${quote(approver.email)}, who runs the plan; somebody else must approve it`;
  return { approver: approver.email, time: signed.time };
}

/** The approver that a line claims, not yet verified. */
function kidOf(jws: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(jws);
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** The signed content; undefined unless exactly this key signed it by exactly this algorithm, as an approval. */
async function verified(jws: string, publicKey: string): Promise<{ plan: string; time: string } | undefined> {
  try {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, algorithm);
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: [algorithm] });
    const { plan, time } = JSON.parse(new TextDecoder().decode(payload)) as Readonly<Record<string, unknown>>;
    if (protectedHeader.typ !== type || typeof plan !== 'string' || typeof time !== 'string') return undefined;
    return Number.isNaN(Date.parse(time)) ? undefined : { plan, time };
  } catch {
    return undefined;
  }
}
