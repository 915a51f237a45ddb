// Virtual time: it moves to the next timer when nothing else is left to do, so a simulated hour takes milliseconds.

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** More steps than any run needs; a run that takes them hangs. */
const mostSteps = 200_000;
/** Real time without anything to do. */
const longestIdleMs = 10_000;

export class VirtualTime {
  /** Ms since the start of the seed. */
  now = 0;
  #timers: Timer[] = [];
  #order = 0;
  steps = 0;

  /** Calls `run` after `ms`; returns how to cancel it. Timers of one moment run in the order in which they were set. */
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + Math.max(0, ms), order: (this.#order += 1), run };
    const place = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(place < 0 ? this.#timers.length : place, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** `Context.sleep`: ends early when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.after(ms, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  /** Lets time pass until the promise is settled. Throws when it never will be. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const watched = work.finally(() => (settled = true));
    watched.catch(() => {});
    let busy = performance.now();
    for (;;) {
      await quiet();
      if (settled) return watched;
      // A module that is loaded for the first time takes real time.
      if (this.#step()) busy = performance.now();
      else if (performance.now() - busy > longestIdleMs)
        throw new Error('the run hangs: no timer is left that could wake it');
      if (this.steps > mostSteps) throw new Error('the run hangs: it only waits and tries again');
    }
  }

  /** Lets everything happen that is still under way. */
  async drain(): Promise<void> {
    do await quiet();
    while (this.#step());
  }

  #step(): boolean {
    const timer = this.#timers.shift();
    if (timer === undefined) return false;
    this.steps += 1;
    this.now = Math.max(this.now, timer.at);
    timer.run();
    return true;
  }

  /** Puts virtual timers in place of the global ones, which bottleneck and ky use; returns how to put the real ones back. */
  install(): () => void {
    const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
    const cancels = new Map<unknown, () => void>();
    const set = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const handle = { unref: () => handle, ref: () => handle };
      // A real timer takes at least a millisecond.
      cancels.set(
        handle,
        this.after(Math.max(1, ms), () => run(...args)),
      );
      return handle;
    };
    globalThis.setTimeout = set as unknown as typeof setTimeout;
    globalThis.clearTimeout = (handle: unknown) => cancels.get(handle)?.();
    return () => {
      globalThis.setTimeout = realSet;
      globalThis.clearTimeout = realClear;
    };
  }
}

/** Calls of the file system that are under way, as Node names them. */
const fileWork = /^FSReq|CloseReq$/;

/** Promises are settled, and real files (manifest, report when it is read, spool) are read to their end: time stands still for these. */
async function quiet(): Promise<void> {
  do await new Promise<void>((done) => setImmediate(done));
  while (process.getActiveResourcesInfo().some((name) => fileWork.test(name)));
}
