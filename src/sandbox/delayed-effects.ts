// When a change shows: at once to the rules, and to readers after the delay that the real organization has (roles up to 30 s, reads minutes).
import { createOrganization, type Change, type Organization } from './organization.ts';
import type { OrgState } from './state-file.ts';

export interface DelayedEffects {
  /** What the rules judge by. */
  readonly truth: Organization;
  /** What readers are shown. */
  seen(): Organization;
  apply(change: Change): void;
}

/** `delayMs` 0 means that readers see the truth. The state given is not touched. */
export function openDelayedEffects(
  state: OrgState,
  { now, delayMs }: { readonly now: () => number; readonly delayMs: number },
): DelayedEffects {
  const truth = createOrganization(structuredClone(state));
  if (delayMs <= 0) return { truth, seen: () => truth, apply: (change) => change.carryOut(truth) };
  const shown = createOrganization(structuredClone(state));
  const pending: { readonly due: number; readonly change: Change }[] = [];
  return {
    truth,
    seen: () => {
      while (pending[0] !== undefined && pending[0].due <= now()) pending.shift()?.change.carryOut(shown);
      return shown;
    },
    apply: (change) => {
      change.carryOut(truth);
      pending.push({ due: now() + delayMs, change });
    },
  };
}
