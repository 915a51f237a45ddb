// Settings: what flags, environment and job file come to after they are normalised once. Inside, nothing is optional that has a default.
import type { ActionName, Generation } from './record.ts';

/** Calls per time: `180/m` is `{count: 180, perMs: 60000}`. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** `500` or `5%`. */
export type Limit = { readonly count: number } | { readonly percent: number };

/** Settings of everything that calls the API. Durations in ms. */
export interface ApiSettings {
  /** Organization id; in the sandbox the sandbox's own. */
  readonly org: string;
  readonly key: { readonly from: 'file' | 'stdin' | 'env' | 'sandbox'; readonly value: string };
  readonly baseUrl: string;
  readonly api: 'auto' | Generation;
  readonly directory: string | undefined;
  readonly rate: Rate | 'none';
  readonly burst: number;
  readonly concurrency: number;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly maxDurationMs: number | undefined;
}

/** What the guards go by. Protected people and groups are folded: lower case, trimmed. */
export interface GuardSettings {
  readonly allow: readonly ActionName[];
  readonly maxChanges: Limit;
  readonly maxFailures: Limit;
  readonly protect: readonly string[];
  readonly includeAdmins: boolean;
  /** Account id or e-mail of whoever runs this (`--operator`), never touched. */
  readonly operator: string;
}
