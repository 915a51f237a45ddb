// openDrain: how long calls that are under way may go on after the first signal to stop.
import type { Context } from '../context.ts';

/** Kubernetes kills a container 30 s after SIGTERM by default; the report needs some of that time too. */
export const drainMs = 10_000;

export interface Drain extends Disposable {
  /** Aborted `drainMs` after the signal to stop: calls under way are given up. */
  readonly signal: AbortSignal;
}

/** Waits for `stop`; dispose of it when no call is in flight. */
export function openDrain(stop: AbortSignal, sleep: Context['sleep']): Drain {
  const [over, closed] = [new AbortController(), new AbortController()];
  const begin = async (): Promise<void> => {
    await sleep(drainMs, closed.signal);
    if (!closed.signal.aborted) over.abort();
  };
  const onStop = () => void begin();
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      stop.removeEventListener('abort', onStop);
      closed.abort();
    },
  };
}
