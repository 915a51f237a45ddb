// LeaverClosure: collects everything that reports have about one leaver: what was closed and when, audit log events, what is still open.
import type { OpenAccess, RowLine, Verification } from '../events.ts';
import { backWords, ClosedAccess, type ClosedCells, type ClosedPart } from './closed-access.ts';

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

interface Audited {
  readonly action: string;
  readonly event: Verification['auditEvent'];
}

/** One leaver, collected line by line. */
export class LeaverClosure {
  readonly #closed = new ClosedAccess();
  /** By row key, what the audit log says about the row; the event is null when there is none. */
  readonly #audited = new Map<string, Audited>();
  readonly #differing = new Map<string, string>();
  #open: OpenAccess | undefined;
  #isVerified = false;

  addRow(line: RowLine): void {
    this.#closed.add(line);
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
      if (state === 'as-reported') this.#closed.confirm(key);
    }
    if (open !== null) this.#open = open;
  }

  /** The row of the person's line; undefined when none ends all access. */
  get main(): ClosedPart | undefined {
    return this.#closed.main;
  }

  get closed(): ClosedCells {
    return this.#closed.cells;
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
    const back = this.main?.back;
    return [...(back === undefined ? [] : [`access, ${backWords(back)}`]), ...this.#found()].join('; ');
  }

  #found(): string[] {
    if (!this.#isVerified) return ['not verified'];
    const found = [...this.#differing.values(), ...(this.#open === undefined ? [] : openParts(this.#open))];
    const unread = this.#open === undefined ? [] : unreadParts(this.#open);
    return [found.length === 0 ? 'nothing found' : found.join('; '), ...unread];
  }
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
