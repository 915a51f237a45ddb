// Timers as the program has them.
import { setTimeout as after } from 'node:timers';

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = after(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
