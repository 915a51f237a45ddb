// When a change shows: at once to the rules, and to readers after the delays that the real organization has (roles up to 30 s, reads minutes).
import { createOrganization, type Change, type Organization } from './organization.ts';
import type { OrgState } from './state-file.ts';

export interface DelayedEffects {
  /** The state after all changes, by which the rules decide. */
  readonly truth: Organization;
  /** The state that readers see: without changes whose delay is not over. */
  seen(): Organization;
  apply(change: Change): void;
}

export interface Delays {
  readonly now: () => number;
  /** After every change. */
  readonly effectMs: number;
  /** After a removal, which waits in a queue. */
  readonly deletionMs: number;
}

interface Pending {
  due: number;
  readonly change: Change;
}

/** Without delays readers see the truth. The state given is not touched. */
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
