// The checks of `doctor`. They only read, and return verdicts that the command prints.
import { actions } from '../../actions/action-table.ts';
import type { Client } from '../../client/client.ts';
import type { Directory } from '../../directory/directory.ts';
import { probeAuditLog } from '../../directory/read-audit-log.ts';
import { LeaversError } from '../../errors.ts';
import { organizationWords } from '../../text/phrases.ts';
import { sanitize } from '../../text/sanitize.ts';

/** The result of a check. `exit` is the name of the exit code of a failure. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly exit?: 'key' | 'config' | 'missing' | 'report' | 'stopped';
  /** The organization's own name, of the check that reads it. */
  readonly orgName?: string;
}

/** The organization behind the key. */
export async function checkOrganization(client: Client, org: string): Promise<Check> {
  const reply = await client.send({ method: 'GET', path: ['v1', 'orgs', org], retry: 'read', needsBody: true });
  const name = 'organization';
  if (reply.kind !== 'answer') return { name, verdict: 'fail', message: reply.why, exit: 'stopped' };
  if (reply.error !== undefined) {
    return {
      name,
      verdict: 'fail',
      message: `HTTP ${reply.answer.status}: ${reply.error.detail ?? reply.error.title ?? 'refused'}; check --org-id`,
      exit: 'config',
    };
  }
  const title = (reply.answer.body as { data?: { attributes?: { name?: unknown } } }).data?.attributes?.name;
  const orgName = typeof title === 'string' && title !== '' ? sanitize(title, 100) : undefined;
  const message = organizationWords(orgName, org);
  return { name, verdict: 'ok', message, ...(orgName === undefined ? {} : { orgName }) };
}

/**
 * Whether scopes limit the key: one with scopes is shown no organization in the list, and no scope is documented for the calls that change
 * people and groups. Whether a key without scopes may change them can't be tested without a change.
 */
export async function checkScopes(client: Client, org: string): Promise<Check> {
  const changing = Object.values(actions).filter(({ risk }) => risk !== 'reads').length;
  return await tried('scopes', async () => {
    const reply = await client.send({ method: 'GET', path: ['v1', 'orgs'], retry: 'read', needsBody: true });
    const data = reply.kind === 'answer' ? (reply.answer.body as { data?: unknown } | undefined)?.data : undefined;
    if (!Array.isArray(data))
      return {
        verdict: 'warn',
        message: `unknown; a key with scopes can make none of the ${changing} kinds of change`,
      };
    if (data.some((each) => (each as { id?: unknown } | null)?.id === org))
      return { verdict: 'ok', message: 'none, so the key can use every action' };
    const message = `the key seems to have scopes, and no documented scope allows the ${changing} actions that make changes; create a key without scopes`;
    return { verdict: 'warn', message };
  });
}

/** What the key can read. What it can change can't be tested without a change. */
export async function checkReads(directory: Directory): Promise<Check[]> {
  const { generation, directory: id } = directory.address;
  const where = generation === 'v2' ? `v2, directory ${id}` : 'v1 (the generation that was retired on 2026-06-30)';
  const people = await tried('people', async () => {
    for await (const person of directory.list()) {
      const activity = person.products === undefined ? await directory.activity(person.accountId) : person.products;
      return activity === undefined
        ? {
            verdict: 'warn',
            message: 'readable, but last-active dates are not: rows with onlyIfInactiveDays will be skipped',
          }
        : { verdict: 'ok', message: 'readable, with last-active dates (up to 24 hours late)' };
    }
    return { verdict: 'warn', message: 'this key sees nobody in the directory' };
  });
  const groups = await tried('groups', async () => {
    const request = { emails: new Set<string>(), accountIds: new Set<string>(), memberships: false, products: false };
    await directory.lookUp({ ...request, groupNames: new Set(['leavers-doctor']) });
    return { verdict: 'ok', message: 'searchable by name' };
  });
  const served: Check = { name: 'generation', verdict: generation === 'v2' ? 'ok' : 'warn', message: where };
  return [served, people, groups, checkActions({ user: people, group: groups })];
}

/** Actions on people or groups that can't be searched need ids. */
function checkActions(reads: { readonly user: Check; readonly group: Check }): Check {
  const name = 'actions';
  const isPlannable = (need: string) => (need !== 'user' && need !== 'group') || reads[need].verdict !== 'fail';
  const lost = Object.values(actions).filter(({ needs }) => !needs.every(isPlannable));
  const hint = "write access can't be tested without changing something";
  if (lost.length === 0) return { name, verdict: 'ok', message: `all can be planned; ${hint}` };
  return { name, verdict: 'warn', message: `by ids only: ${lost.map((action) => action.name).join(', ')}; ${hint}` };
}

/** Whether `verify --audit-log` can work. Nothing else depends on it, so it never fails. */
export async function checkAuditLog(client: Client, org: string, now: number): Promise<Check> {
  const check = await tried('audit log', async () => {
    await probeAuditLog(client, org, now);
    return { verdict: 'ok', message: 'readable; verify --audit-log can look up the changes of a run' };
  });
  return { name: check.name, verdict: check.verdict === 'ok' ? 'ok' : 'warn', message: check.message };
}

async function tried(name: string, check: () => Promise<Pick<Check, 'verdict' | 'message'>>): Promise<Check> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    if (!(error instanceof LeaversError)) throw error;
    const exit = error.kind === 'key' || error.kind === 'config' ? error.kind : 'stopped';
    return { name, verdict: 'fail', message: error.message, exit };
  }
}

/** Milliseconds beyond which a clock is called wrong. */
const skewLimit = 60_000;

/** The difference between this clock and the one of the API, as of the last answer. */
export function checkClock(date: Client['usage']['date']): Check {
  const name = 'clock';
  if (date === undefined) return { name, verdict: 'warn', message: 'the API sent no date to compare with' };
  const skew = date.here - date.server;
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) < skewLimit) return { name, verdict: 'ok', message: `${seconds} s from the API's` };
  return {
    name,
    verdict: 'warn',
    message: `${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the API's: rows with notBefore run at the wrong time`,
  };
}
