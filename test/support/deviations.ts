// Where client or simulated organization differ from the published facts on purpose, and why.

export interface Deviation {
  /** A violation as test/support/specification.ts words it. */
  readonly matches: RegExp;
  readonly reason: string;
}

export const deviations: readonly Deviation[] = [];
