// What was held against the published facts in the running test file; refuseViolations() fails a test over what differs without a listed reason.
import type { Deviation } from './deviations.ts';

/** What was checked since the start of the test file, and what the last test did wrong. */
export const observations = { requests: new Set<string>(), answers: new Set<string>(), violations: [] as string[] };

/** Deviations that something was excused by. */
export const seenDeviations = new Set<Deviation>();

/** Before each test file. */
export function forgetObservations(): void {
  observations.requests.clear();
  observations.answers.clear();
  observations.violations.length = 0;
  seenDeviations.clear();
}

/** Throws when something since the last call was not as published; for `afterEach`. */
export function refuseViolations(): void {
  const found = [...new Set(observations.violations.splice(0))];
  if (found.length > 0) throw new Error(`not as published:\n${found.join('\n')}`);
}
