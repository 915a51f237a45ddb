// PlanGroups: groups of rows that the page lists above the table: what can't be undone, who is left out and why.
import { actions } from '../../actions/action-table.ts';
import { type ActionName, subjectOf } from '../../model.ts';
import { leftOutReason } from '../../report/left-out.ts';
import { reasonWords } from '../../report/views/html/cause-words.ts';
import { actionWords } from '../../text/action-words.ts';
import { capital, manyGrouped } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { PlanEntry } from '../plan-entry.ts';
import { nameRecord } from '../plan-summary.ts';

/** The kinds of groups, in the order of the page. */
export const groupKinds = ['irreversible', 'left-out', 'failing', 'excluded'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** Rows with one decision for one reason. */
export interface PlanGroup {
  readonly kind: GroupKind;
  /** Goes after the count. */
  readonly title: (count: number) => string;
  /** A sentence about all of them. */
  readonly about: string;
  count: number;
  /** The first people or groups. */
  readonly names: string[];
}

/** Most people or groups to name. */
const named = 12;
/** Most groups, because messages of the API may differ without limit. */
const maxGroups = 200;

/** Sorts entries into groups as they stream by. */
export class PlanGroups {
  readonly #accepted: readonly string[];
  readonly #groups = new Map<string, PlanGroup>();

  /** `accepted` are reasons for which a person may be left out. */
  constructor(accepted: readonly string[]) {
    this.#accepted = accepted;
  }

  add(entry: PlanEntry): void {
    const found = this.#describe(entry);
    if (found === undefined) return;
    const { id, ...group } = found;
    const kept = this.#groups.get(id) ?? { ...group, count: 0, names: [] };
    if (!this.#groups.has(id)) {
      if (this.#groups.size >= maxGroups) return;
      this.#groups.set(id, kept);
    }
    kept.count += 1;
    const name = nameOf(entry);
    if (kept.names.length < named && !kept.names.includes(name)) kept.names.push(name);
  }

  /** All groups in the order of the page. */
  list(): readonly (PlanGroup & { readonly place: number })[] {
    const all = [...this.#groups.values()].map((group, place) => ({ ...group, place }));
    return all.toSorted((a, b) => groupKinds.indexOf(a.kind) - groupKinds.indexOf(b.kind));
  }

  /** Titles by place, for the table's filter. */
  titles(): readonly string[] {
    return [...this.#groups.values()].map(({ count, title }) => title(count));
  }

  /** The place of an entry's group; -1 without one. */
  placeOf(entry: PlanEntry): number {
    const found = this.#describe(entry);
    return found === undefined ? -1 : [...this.#groups.keys()].indexOf(found.id);
  }

  #describe(entry: PlanEntry): (Pick<PlanGroup, 'kind' | 'title' | 'about'> & { readonly id: string }) | undefined {
    if ('invalid' in entry)
      return {
        id: 'invalid',
        kind: 'failing',
        title: (n) => `${n} invalid`,
        about: 'The row has an error and is only reported.',
      };
    const { record, verdict } = entry.planned;
    const { action } = record;
    if (verdict.verdict === 'skip') return this.#skipped(action, verdict.reason);
    if (verdict.verdict === 'failed' || verdict.verdict === 'unknown') {
      const state = verdict.verdict === 'failed' ? 'will fail' : 'unconfirmed by an earlier run';
      return {
        id: `${verdict.verdict} ${verdict.message}`,
        kind: 'failing',
        title: (n) => `${n} ${state}`,
        about: verdict.message,
      };
    }
    if (verdict.verdict === 'run' && actions[action].risk === 'irreversible') return irreversible(action);
    const { message } = verdict;
    if (verdict.verdict !== 'run' || message === undefined) return undefined;
    return {
      id: `refused ${message}`,
      kind: 'failing',
      title: (n) => `${n} will probably be refused by Atlassian`,
      about: message,
    };
  }

  #skipped(action: ActionName, reason: string) {
    const found = leftOutReason({ action, outcome: 'skipped', reason });
    const words = reasonWords[reason] ?? reason;
    if (found === undefined || this.#accepted.includes(found))
      return {
        id: `excluded ${reason}`,
        kind: 'excluded',
        title: (n: number) => `${n} left out: ${words}`,
        about: '',
      } as const;
    const title = (n: number) => `${n} ${n === 1 ? 'keeps' : 'keep'} access: ${words}`;
    return { id: `left-out ${reason}`, kind: 'left-out', title, about: '' } as const;
  }
}

function irreversible(action: ActionName) {
  const { will, one, more } = actionWords[action];
  const title = (count: number) => `${capital(will)} ${manyGrouped(count, one, more)}`;
  return { id: `irreversible ${action}`, kind: 'irreversible', title, about: actions[action].summary } as const;
}

function nameOf(entry: PlanEntry): string {
  if ('invalid' in entry) return neutralize(`${entry.invalid.file.split('/').at(-1)}:${entry.invalid.line}`);
  const { who, does } = nameRecord(entry.planned);
  const name = who === '' ? subjectOf(entry.planned.record.fields) : who;
  return neutralize(does === undefined ? name : `${name} (${does})`);
}
