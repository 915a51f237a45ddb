// LeaverClosure: collects everything that reports have about one leaver: what was closed and when, audit log events, what is still open.
import { orgAdmin } from '../../actions/requests.ts';
import { endsAccess } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { heldIn, keyOf as roleKey } from '../../actions/current-roles.ts';
import type { OpenAccess, RowLine, Verification } from '../events.ts';

/** Access that the key of an organization can neither end nor see. */
export const notCovered: readonly string[] = [
  'sessions',
  'OAuth grants',
  'Jira filters and dashboards',
  'Confluence spaces',
  'Bitbucket',
  'Trello',
  'automation rules',
];

/** Cells about closed access: the time, or the outcome if it was not closed. */
export interface ClosedParts {
  suspended?: string;
  removed?: string;
  deactivated?: string;
  readonly groups: string[];
  readonly directRoles: string[];
  admin?: string;
  tokens?: string;
}

interface Audited {
  readonly action: string;
  readonly event: Verification['auditEvent'];
}

/** One leaver, collected line by line. */
export class LeaverClosure {
  /** The first row of the best outcome that ends all access. */
  #main: RowLine | undefined;
  readonly closed: ClosedParts = { groups: [], directRoles: [] };
  readonly #ranks = new Map<string, number>();
  /** By row key, what the audit log says about the row; the event is null when there is none. */
  readonly #audited = new Map<string, Audited>();
  readonly #differing = new Map<string, string>();
  #open: OpenAccess | undefined;
  #isVerified = false;

  addRow(line: RowLine): void {
    if (line.action === null) return;
    const action = actions[line.action];
    if (endsAccess(action) && (this.#main === undefined || rankOf(line) > rankOf(this.#main))) this.#main = line;
    if (action.closes === 'groups') this.closed.groups.push(partOf(line.groupName ?? line.groupId ?? '', line));
    else if (action.closes === 'roles') this.#addRole(line);
    else if (action.closes !== undefined) this.#addOnce(action.closes, line);
    if (action.closes === 'removed' && line.outcome === 'done') this.#addRemoved(line);
  }

  #addRole(line: RowLine): void {
    const { role, resource } = line.fields;
    if (role === orgAdmin) this.#addOnce('admin', line);
    else this.closed.directRoles.push(partOf(roleKey({ role: String(role), resource: String(resource) }), line));
  }

  /** Of several rows with the same effect, the first with the best outcome counts. */
  #addOnce(part: 'suspended' | 'removed' | 'deactivated' | 'tokens' | 'admin', line: RowLine): void {
    if (rankOf(line) <= (this.#ranks.get(part) ?? 0)) return;
    this.#ranks.set(part, rankOf(line));
    this.closed[part] = part === 'tokens' ? tokensOf(line) : endOf(line);
  }

  /** A removal ends groups and direct roles too; they were read before. */
  #addRemoved(line: RowLine): void {
    for (const name of groupsBefore(line.result)) this.closed.groups.push(partOf(name, line));
    for (const role of heldIn(line.result) ?? []) this.closed.directRoles.push(partOf(roleKey(role), line));
  }

  /** A finding about one of the rows. Later ones complete and correct earlier ones. */
  addFinding({ key, checked, state, seen, auditEvent, open }: Verification, action: string): void {
    const sources = checked ?? [];
    if (sources.includes('audit-log') || auditEvent !== null)
      this.#audited.set(key, { action, event: auditEvent ?? this.#audited.get(key)?.event ?? null });
    if (sources.includes('live') || state !== 'unknown') {
      this.#isVerified = true;
      if (state === 'differs') this.#differing.set(key, `${action} does not hold${seen === null ? '' : ` (${seen})`}`);
      else this.#differing.delete(key);
    }
    if (open !== null) this.#open = open;
  }

  get main(): RowLine | undefined {
    return this.#main;
  }

  /** Ids of the audit events of the person's rows, and the actions without an event; empty when not checked. */
  get auditEvents(): readonly string[] {
    return [...this.#audited.values()].map(({ action, event }) => event?.id ?? `not found: ${action}`);
  }

  /** The distinct actors of those events. */
  get auditActors(): readonly string[] {
    return [...new Set([...this.#audited.values()].flatMap(({ event }) => event?.actor ?? []))];
  }

  /** The remaining access, in words. */
  get open(): string {
    if (!this.#isVerified) return 'not verified';
    const found = [...this.#differing.values(), ...(this.#open === undefined ? [] : openParts(this.#open))];
    const unread = this.#open === undefined ? [] : unreadParts(this.#open);
    return [found.length === 0 ? 'nothing found' : found.join('; '), ...unread].join('; ');
  }
}

/** Names of the groups in a row's `result`, whose type is not checked elsewhere. */
function groupsBefore(result: unknown): string[] {
  const { before } = (result ?? {}) as { before?: { groups?: unknown } | null };
  const groups = before?.groups;
  if (!Array.isArray(groups)) return [];
  return (groups as ({ id?: unknown; name?: unknown } | null)[]).map((group) => String(group?.name || group?.id));
}

/** When the tokens were revoked, with their labels. */
function tokensOf(line: RowLine): string {
  const { tokens } = (line.result ?? {}) as { tokens?: unknown };
  if (!Array.isArray(tokens) || tokens.length === 0) return endOf(line);
  const labels = (tokens as ({ label?: unknown } | null)[]).map((token) => String(token?.label));
  return `${endOf(line)} (${labels.join(', ')})`;
}

function openParts({ groups, roles, apiTokens, admin }: OpenAccess): string[] {
  return [
    ...(groups === null || groups.length === 0 ? [] : [`groups: ${groups.join(', ')}`]),
    ...(roles === null || roles.length === 0 ? [] : [`direct roles: ${roles.join(', ')}`]),
    ...(apiTokens === null || apiTokens === 0 ? [] : [`API tokens: ${apiTokens}`]),
    ...(admin === true ? ['organization admin'] : []),
  ];
}

function unreadParts({ groups, roles, apiTokens, admin }: OpenAccess): string[] {
  const parts = { groups, 'direct roles': roles, 'API tokens': apiTokens, admin };
  const unread = Object.entries(parts).flatMap(([name, part]) => (part === null ? [name] : []));
  return unread.length === 0 ? [] : [`not read: ${unread.join(', ')}`];
}

/** Rank of an outcome: done, then already, then any other. */
function rankOf({ outcome }: RowLine): number {
  if (outcome === 'done') return 3;
  return outcome === 'already' ? 2 : 1;
}

/** The time of completion, or the outcome. */
function endOf({ outcome, reason, time }: RowLine): string {
  if (outcome === 'done') return time;
  if (outcome === 'already') return `already before ${time}`;
  return reason === null ? outcome : `${outcome} (${reason})`;
}

function partOf(name: string, line: RowLine): string {
  return `${name} ${endOf(line)}`;
}
