// Endpoints with a published limit of their own. They are paced apart from all other calls, so that neither makes the other wait.
import type { OwnLimit } from '../../actions/action.ts';
import type { Rate } from './rate-limiter.ts';

const minute = 60_000;

/** Requests a minute and path (organization API, state of 2026-08). */
const published: Readonly<Record<OwnLimit, Rate>> = {
  events: { count: 10, perMs: minute },
  'events-stream': { count: 50, perMs: minute },
};

/** The pace of such an endpoint: the published limit, or the rate that was asked for if that is slower. */
export function ownRate(limit: OwnLimit, rate: Rate | 'none'): Rate | 'none' {
  if (rate === 'none') return rate;
  const own = published[limit];
  return rate.count / rate.perMs < own.count / own.perMs ? rate : own;
}
