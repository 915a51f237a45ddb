// A world for the client's tests: time that jumps when somebody sleeps, and deadlines of attempts that pass when a test says so.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parseBaseUrl } from '../../src/config/base-url.ts';
import { type ClientOptions, openClient } from '../../src/client/paced-client.ts';
import { openRateLimiter, type Rate, type RateLimiter } from '../../src/client/pace/rate-limiter.ts';
import type { Client } from '../../src/client/client.ts';
import { parseKey } from '../../src/config/secret.ts';
import { openTransport } from '../../src/client/transport.ts';

/** The sleep that is the deadline of an attempt; it must not jump, or no answer would be in time. */
export const timeoutMs = 77_777;

export class JumpingWorld {
  /** The server's clock is right; the one of this machine may be off. */
  readonly epoch = Date.UTC(2026, 10, 24, 12, 0, 0);
  skewMs = 0;
  elapsed = 0;
  readonly slept: number[] = [];
  readonly #deadlines = new Set<() => void>();
  readonly clock = { now: () => this.serverNow() + this.skewMs, monotonic: () => this.elapsed };

  serverNow(): number {
    return this.epoch + this.elapsed;
  }

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms === timeoutMs) return await this.#deadline(signal);
    const wake = this.elapsed + ms;
    this.slept.push(ms);
    await setImmediate();
    if (!signal?.aborted) this.elapsed = Math.max(this.elapsed, wake);
  };

  /** Lets the deadlines of all attempts under way pass. */
  expire(): void {
    for (const pass of this.#deadlines) pass();
  }

  async #deadline(signal: AbortSignal | undefined): Promise<void> {
    let pass = () => {};
    await new Promise<void>((resolve) => {
      pass = resolve;
      this.#deadlines.add(pass);
      signal?.addEventListener('abort', () => resolve());
    });
    this.#deadlines.delete(pass);
  }
}

/** Real time, for what depends on bottleneck's own timers. */
export const realTime = {
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    await setTimeout(ms, undefined, { signal }).catch(() => {});
  },
};

/** A limiter in real time. */
export function openRealLimiter(rate: Rate): RateLimiter {
  return openRateLimiter({ rate, burst: 1, ...realTime, random: () => 0.5 });
}

export const canary = 'ATCTT3xFfGN0-canary+key/with=every~sort_of.character&0123456789';

const open: (() => Promise<void>)[] = [];

export async function closeClients(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** A client over our transport, unpaced, whose sleeps cost nothing. */
export function openTestClient(port: number, options: Partial<ClientOptions> = {}, world = new JumpingWorld()): Client {
  const transport = openTransport({ connections: 16, env: {} });
  open.push(() => transport.close());
  const random = () => 0.5;
  const { clock, sleep } = world;
  return openClient({
    baseUrl: parseBaseUrl(`http://127.0.0.1:${port}/admin`, '--base-url'),
    key: parseKey(canary, 'the test'),
    limiter: openRateLimiter({ rate: 'none', burst: 1, clock, sleep, random }),
    retries: 5,
    timeoutMs,
    clock,
    sleep,
    random,
    fetch: transport.fetch,
    version: '0.0.0',
    ...options,
  });
}
