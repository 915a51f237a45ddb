// openDelayedEffects: rules see a change at once, readers after the delays of the real API (roles up to 30 s, reads minutes).
import { createOrganization, type Change, type Organization } from './organization.ts';
import type { OrgState } from './state-file.ts';

export interface DelayedEffects {
  /** The state after all changes, for the rules. */
  readonly truth: Organization;
  /** The state for readers, without changes whose delay has not elapsed. */
  seen(): Organization;
  apply(change: Change): void;
}

export interface Delays {
  readonly now: () => number;
  /** Delay of every change. */
  readonly effectMs: number;
  /** Delay of a removal, which waits in a queue. */
  readonly deletionMs: number;
}

interface Pending {
  due: number;
  readonly change: Change;
}

/** Without delays, readers see the current state. The given state is not modified. */
export function openDelayedEffects(state: OrgState, { now, effectMs, deletionMs }: Delays): DelayedEffects {
  const truth = createOrganization(structuredClone(state));
  if (effectMs <= 0 && deletionMs <= 0) return { truth, seen: () => truth, apply: (change) => change.carryOut(truth) };
  const shown = createOrganization(structuredClone(state));
  let pending: Pending[] = [];
  return {
    truth,
    seen: () => {
      const [due, later] = [pending.filter((each) => each.due <= now()), pending.filter((each) => each.due > now())];
      for (const { change } of due.toSorted((a, b) => a.due - b.due)) change.carryOut(shown);
      pending = later;
      return shown;
    },
    apply: (change) => {
      const due = now() + (change.isQueued ? Math.max(effectMs, deletionMs) : effectMs);
      // A person who is invited again is no longer waiting to be removed.
      for (const each of pending) if (isAbout(each.change, change)) each.due = Math.min(each.due, due);
      change.carryOut(truth);
      pending.push({ due, change });
    },
  };
}

function isAbout(one: Change, other: Change): boolean {
  return one.audit.person !== undefined && one.audit.person === other.audit.person;
}
