// Import for its effect: fails every test whose requests or answers differ from the published facts without a listed reason.
import { afterEach } from 'vitest';
import { observations } from './specification.ts';

afterEach(() => {
  const found = [...new Set(observations.violations.splice(0))];
  if (found.length > 0) throw new Error(`not as published:\n${found.join('\n')}`);
});
