// Endpoints with their own published rate limit. They are paced separately from all other calls.
import type { OwnLimit } from '../../actions/action.ts';
import type { Rate } from './rate-limiter.ts';

const minute = 60_000;

/** Requests a minute and path (organization API, state of 2026-08). */
const published: Readonly<Record<OwnLimit, Rate>> = {
  events: { count: 10, perMs: minute },
  'events-stream': { count: 50, perMs: minute },
};

/** The rate for such an endpoint: the published limit, or --rate if that is slower. */
export function ownRate(limit: OwnLimit, rate: Rate | 'none'): Rate | 'none' {
  if (rate === 'none') return rate;
  const own = published[limit];
  return rate.count / rate.perMs < own.count / own.perMs ? rate : own;
}
