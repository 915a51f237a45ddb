// SeatLedger: which seats the rows of a plan or a report free, and who keeps one through which group or role.
import { keyOf as roleKey } from '../actions/current-roles.ts';
import { KeyTable } from '../storage/key-table.ts';
import type { RowEnd } from './events.ts';

/** A row that ends a person's access to products, or a part of it. */
export interface EndedAccess {
  readonly accountId: string;
  /** The person by name. */
  readonly who: string;
  /** What the row ends: the id of a group, or a role as `role@resource`. */
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
  readonly who: string;
  readonly product: string;
  readonly through: Map<string, string>;
  readonly ended: Set<string>;
  /** A row of the clean-up is about it. */
  isMeant: boolean;
}

export class SeatLedger {
  readonly #freed: Record<string, number> = {};
  /** Counted seats; undefined when no seat can occur twice. */
  readonly #seen: KeyTable | undefined;
  /** Seats that depend on groups, by person and site. */
  readonly #open = new Map<string, Open>();

  /** `once`: no person occurs twice. */
  constructor(once?: 'once') {
    this.#seen = once === 'once' ? undefined : new KeyTable();
  }

  add({ accountId, who, part, seats }: EndedAccess): void {
    for (const { key, id, through, also } of seats) {
      const seat = `${accountId} ${id} ${key}`;
      if (through === undefined) {
        if ((this.#seen?.get(seat) ?? 0) === 0) this.#count(key);
        this.#seen?.set(seat, 1);
        continue;
      }
      const open = this.#open.get(seat) ?? { who, product: key, through: new Map(), ended: new Set(), isMeant: false };
      this.#open.set(seat, open);
      for (const group of through) open.through.set(group.id, group.name);
      if (part !== undefined) open.ended.add(part);
      open.isMeant ||= also === undefined;
    }
  }

  /** The result so far. */
  done(): Seats {
    const freed = { ...this.#freed };
    const kept: KeptSeat[] = [];
    for (const [seat, { who, product, through, ended, isMeant }] of this.#open) {
      if ((this.#seen?.get(seat) ?? 0) > 0) continue;
      const groups = [...through].filter(([id]) => !ended.has(id)).map(([, name]) => name);
      if (groups.length === 0) freed[product] = (freed[product] ?? 0) + 1;
      else if (isMeant) kept.push({ who, product, groups });
    }
    return { freed, kept };
  }

  #count(product: string): void {
    this.#freed[product] = (this.#freed[product] ?? 0) + 1;
  }
}

/** The seats of a completed row, from the report; none in reports of earlier versions. */
export function endedAccess({ accountId, email, groupId, fields, result }: RowEnd): EndedAccess {
  const { seats } = (result ?? {}) as { seats?: unknown };
  const who = email ?? accountId ?? '';
  const part = endedPart({ groupId, ...fields });
  return { accountId: accountId ?? who, who, part, seats: Array.isArray(seats) ? seats.filter(isSeat) : [] };
}

/** The group or the role that a row is about, as `EndedAccess` names it. */
export function endedPart({
  groupId,
  role,
  resource,
}: {
  groupId?: unknown;
  role?: unknown;
  resource?: unknown;
}): string | undefined {
  if (typeof groupId === 'string') return groupId;
  return typeof role === 'string' && typeof resource === 'string' ? roleKey({ role, resource }) : undefined;
}

function isSeat(value: unknown): value is EndedSeat {
  const { key, id, through = [] } = (value ?? {}) as Partial<Record<keyof EndedSeat, unknown>>;
  return typeof key === 'string' && typeof id === 'string' && Array.isArray(through);
}
