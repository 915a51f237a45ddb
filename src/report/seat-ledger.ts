// SeatLedger: counts the seats that the rows of a plan or report free, and who keeps one through which group or role.
import type { Action } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { keyOf as roleKey } from '../actions/current-roles.ts';
import { FreedSeats } from './freed-seats.ts';
import type { RowEnd } from './events.ts';

/** A row that ends a person's access to products, or a part of it. */
export interface EndedAccess {
  readonly accountId: string;
  /** The person by name. */
  readonly who: string;
  /** The part of access that the row ends: a group id, or `role@resource`. */
  readonly part?: string | undefined;
  readonly seats: readonly EndedSeat[];
}

/**
 * A seat of the person. With `through`, it is free once the person has none of these groups and roles. `also` marks one that goes with a
 * group which was left for another product: nobody minds if it stays.
 */
export interface EndedSeat {
  readonly key: string;
  /** ARI of the product's site. */
  readonly id: string;
  readonly through?: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly also?: true | undefined;
}

/** A seat that stays, because the person stays in groups that give it. */
export interface KeptSeat {
  readonly who: string;
  readonly product: string;
  readonly groups: readonly string[];
}

export interface Seats {
  /** Seats freed, by product key. */
  readonly freed: Readonly<Record<string, number>>;
  readonly kept: readonly KeptSeat[];
}

interface Open {
  readonly accountId: string;
  readonly id: string;
  readonly who: string;
  readonly product: string;
  readonly through: Map<string, string>;
  readonly ended: Set<string>;
  /** A row of the release is about this seat. */
  isMeant: boolean;
}

export class SeatLedger {
  readonly #freed: Record<string, number> = {};
  /** Counted seats; undefined when no seat can occur twice. */
  readonly #seen: FreedSeats | undefined;
  /** Seats that depend on groups, by person and site. */
  readonly #open = new Map<string, Open>();
  /** Keys of open seats, by account. */
  readonly #openOf = new Map<string, Set<string>>();

  /** `once`: no person occurs twice. */
  constructor(once?: 'once') {
    this.#seen = once === 'once' ? undefined : new FreedSeats();
  }

  add({ accountId, who, part, seats }: EndedAccess): void {
    for (const { key, id, through, also } of seats) {
      const seat = `${accountId} ${id} ${key}`;
      if (through === undefined) {
        if (this.#seen?.add(accountId, `${id} ${key}`) !== false) this.#count(key, 1);
        continue;
      }
      const open = this.#open.get(seat) ?? newlyOpen({ accountId, id, who, product: key });
      this.#open.set(seat, open);
      this.#openOf.set(accountId, (this.#openOf.get(accountId) ?? new Set()).add(seat));
      for (const group of through) open.through.set(group.id, group.name);
      if (part !== undefined) open.ended.add(part);
      open.isMeant ||= also === undefined;
    }
  }

  /** The result so far. */
  done(): Seats {
    const freed = Object.fromEntries(Object.entries(this.#freed).filter(([, count]) => count > 0));
    const kept: KeptSeat[] = [];
    for (const { accountId, id, who, product, through, ended, isMeant } of this.#open.values()) {
      if (this.#seen?.has(accountId, `${id} ${product}`) === true) continue;
      const groups = [...through].filter(([part]) => !ended.has(part)).map(([, name]) => name);
      if (groups.length === 0) freed[product] = (freed[product] ?? 0) + 1;
      else if (isMeant) kept.push({ who, product, groups });
    }
    return { freed, kept };
  }

  /** Records that a later row restored this group or role, or all access without `part`. */
  giveBack({ accountId, part }: Pick<EndedAccess, 'accountId' | 'part'>): void {
    if (part !== undefined) {
      for (const seat of this.#openOf.get(accountId) ?? []) this.#open.get(seat)?.ended.delete(part);
      return;
    }
    for (const seat of this.#seen?.take(accountId) ?? []) this.#count(seat.split(' ').at(-1) ?? '', -1);
  }

  #count(product: string, by: 1 | -1): void {
    this.#freed[product] = (this.#freed[product] ?? 0) + by;
  }
}

function newlyOpen(seat: Pick<Open, 'accountId' | 'id' | 'who' | 'product'>): Open {
  return { ...seat, through: new Map(), ended: new Set(), isMeant: false };
}

/** The seats of a completed row, from the report; none in reports of earlier versions. */
export function endedAccess({ accountId, email, groupId, fields, result }: RowEnd): EndedAccess {
  const { seats } = (result ?? {}) as { seats?: unknown };
  const who = email ?? accountId ?? '';
  const part = endedPart({ groupId, ...fields });
  return { accountId: accountId ?? who, who, part, seats: Array.isArray(seats) ? seats.filter(isSeat) : [] };
}

/** The fields of a row that name a group or a role. */
interface NamedPart {
  readonly groupId?: unknown;
  readonly role?: unknown;
  readonly resource?: unknown;
}

/** The group or role of a row, in the notation of `EndedAccess.part`. */
export function endedPart({ groupId, role, resource }: NamedPart): string | undefined {
  if (typeof groupId === 'string') return groupId;
  return typeof role === 'string' && typeof resource === 'string' ? roleKey({ role, resource }) : undefined;
}

/** The access that a row gave back; undefined when it gave back no seat. An invitation names its account in the result. */
export function givenBack(line: RowEnd): Pick<EndedAccess, 'accountId' | 'part'> | undefined {
  const { action, accountId, email, groupId, fields, result, outcome } = line;
  if (action === null || !(action in actions) || (outcome !== 'done' && outcome !== 'already')) return undefined;
  const { givesBack = [] }: Action = actions[action];
  const invited = ((result ?? {}) as { accountId?: unknown }).accountId;
  const who = accountId ?? (typeof invited === 'string' ? invited : (email ?? ''));
  if (givesBack.includes('suspended')) return { accountId: who };
  const part = endedPart({ groupId, ...fields });
  return part !== undefined && givesBack.length > 0 ? { accountId: who, part } : undefined;
}

function isSeat(value: unknown): value is EndedSeat {
  const { key, id, through = [] } = (value ?? {}) as Partial<Record<keyof EndedSeat, unknown>>;
  return typeof key === 'string' && typeof id === 'string' && Array.isArray(through);
}
