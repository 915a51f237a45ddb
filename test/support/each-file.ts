// Set up for each test file: files share two processes, so each gets a folder of its own, and fails when it leaves something open or changed.
import { afterAll, afterEach } from 'vitest';
import { forgetObservations, refuseViolations } from './as-published.ts';
import { closeDesk, openDesk } from './desk.ts';
import { processState, refuseChanges } from './process-state.ts';

openDesk();
forgetObservations();
const before = processState();

afterEach(refuseViolations);
afterAll(async () => {
  await refuseChanges(before);
  closeDesk();
});
