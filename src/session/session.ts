// openSession: opens an organization: its client and pace, its address, and its directory.
import { openClient } from '../client/paced-client.ts';
import { ownRate } from '../client/pace/own-limits.ts';
import { openRateLimiter } from '../client/pace/rate-limiter.ts';
import type { Client } from '../client/client.ts';
import { openDrain } from '../client/drain.ts';
import type { Secret } from '../config/secret.ts';
import { openTransport } from '../client/transport.ts';
import type { Context } from '../context.ts';
import { discover } from '../directory/discover.ts';
import { type Directory, openDirectory } from '../directory/directory.ts';
import type { ApiSettings } from '../config/settings.ts';

export interface Session {
  readonly client: Client;
  readonly directory: Directory;
  readonly key: Secret;
  /** Monotonic ms at which `--max-duration` has elapsed. */
  readonly deadline: number | undefined;
  close(): Promise<void>;
}

/** Opens the organization and detects its API generation. The signal ends waiting for a permit, not calls in progress. */
export async function openSession(api: ApiSettings, context: Context, signal: AbortSignal): Promise<Session> {
  const { clock, env, version } = context;
  const random = () => context.random();
  const sleep = context.sleep.bind(context);
  const deadline = api.maxDurationMs === undefined ? undefined : clock.monotonic() + api.maxDurationMs;
  const transport = openTransport({ connections: api.concurrency, env, fetch: context.fetch });
  const drain = openDrain(signal, sleep);
  const close = async () => {
    drain[Symbol.dispose]();
    await transport.close();
  };
  const client = openClient({
    baseUrl: api.baseUrl,
    accountUrl: api.accountUrl,
    key: api.key,
    limiter: openRateLimiter({ rate: api.rate, burst: api.burst, clock, sleep, random }),
    openOwnLimiter: (limit) => openRateLimiter({ rate: ownRate(limit, api.rate), burst: 1, clock, sleep, random }),
    retries: api.retries,
    timeoutMs: api.timeoutMs,
    ...(deadline === undefined ? {} : { deadline }),
    clock,
    sleep,
    random,
    fetch: transport.fetch,
    signal,
    drained: drain.signal,
    version,
  });
  try {
    return {
      client,
      directory: openDirectory(client, await discover(client, api)),
      key: api.key,
      deadline,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
