// refuseViolations(): fails a test whose requests or answers differ from the published facts without a listed reason.
import { observations } from './specification.ts';

/** Throws when something since the last call was not as published; for `afterEach`. */
export function refuseViolations(): void {
  const found = [...new Set(observations.violations.splice(0))];
  if (found.length > 0) throw new Error(`not as published:\n${found.join('\n')}`);
}
