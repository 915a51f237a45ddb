// Every form in which servers say how long to wait, read against the server's own clock.
import { describe, expect, it } from 'vitest';
import { readRateLimitHeaders } from '../../../src/client/pace/rate-limit-headers.ts';

const server = Date.UTC(2026, 10, 24, 12, 0, 0);
const date = new Date(server).toUTCString();
/** The clock here is an hour off; it must not matter. */
const now = { wall: server + 3_600_000 };
const read = (headers: Record<string, string>) => readRateLimitHeaders(new Headers({ date, ...headers }), now);
const at = (seconds: number) => new Date(server + seconds * 1000);

describe('how long to stay away', () => {
  it.each([
    ['seconds', '1', 1000],
    ['zero', '0', 0],
    ['a fraction', '1.5', 1500],
    ['an HTTP date', at(2).toUTCString(), 2000],
    ['a date of RFC 850', 'Tuesday, 24-Nov-26 12:00:07 GMT', 7000],
    ['a date of asctime', 'Tue Nov 24 12:00:07 2026', 7000],
    ['a date that is over', at(-60).toUTCString(), 0],
    ['ISO 8601', at(2).toISOString(), 2000],
    ['two values', '2, 5', 5000],
    ['two dates', `${at(3).toUTCString()}, ${at(9).toUTCString()}`, 9000],
    ['an eternity', '99999999', 99_999_999_000],
    ['an epoch in seconds', String(server / 1000 + 4), 4000],
    ['an epoch in milliseconds', String(server + 4000), 4000],
  ])('Retry-After as %s', (_form, value, ms) => {
    expect(read({ 'retry-after': value })).toEqual({ retryAfterMs: ms });
  });

  it.each(['-5', '', 'soon', '1e3', '0x10', 'NaN', 'garbage 1', '2026-13-45T99:99Z', '1'.repeat(40)])(
    'Retry-After %j says nothing',
    (value) => {
      expect(read({ 'retry-after': value })).toEqual({});
    },
  );

  it.each([
    ['x-ratelimit-retry-after', String(server + 1500), 1500],
    ['x-rate-limit-retry-after', '3', 3000],
    ['x-custom-retry-after-ms', '250', 250],
    ['retry-after-ms', '250', 250],
  ])('%s counts when there is no Retry-After', (name, value, ms) => {
    expect(read({ [name]: value })).toEqual({ retryAfterMs: ms });
    expect(read({ [name]: value, 'retry-after': '9' })).toEqual({ retryAfterMs: 9000 });
  });
});

describe('when the period ends', () => {
  it.each([
    ['x-ratelimit-reset', at(60).toISOString(), 60_000],
    ['x-ratelimit-reset', '2026-11-24T12:01Z', 60_000],
    ['x-ratelimit-reset', '2026-11-24T14:01+02:00', 60_000],
    ['x-ratelimit-reset', '2026-11-24T14:01:30+0200', 90_000],
    ['x-ratelimit-reset', '2026-11-24T12:00:30', 30_000],
    ['x-ratelimit-reset', '2026-11-24 12:00:30Z', 30_000],
    ['x-ratelimit-reset', String(server / 1000 + 30), 30_000],
    ['x-ratelimit-reset', String(server + 30_000), 30_000],
    ['x-ratelimit-reset', '30', 30_000],
    ['x-rate-limit-reset', at(30).toUTCString(), 30_000],
    ['ratelimit-reset', '2', 2000],
    ['ratelimit', '"default";r=0;t=2', 2000],
    ['ratelimit', 'limit=10, remaining=0, reset=2', 2000],
  ])('%s: %s', (name, value, ms) => {
    expect(read({ [name]: value }).resetMs).toBe(ms);
  });

  it.each(['2026-11-24T11:59Z', '0', '-1', 'soon', ''])('a reset of %j is none', (value) => {
    expect(read({ 'x-ratelimit-reset': value })).toEqual({});
  });

  it('is read against the clock here when the answer has no date of its own', () => {
    const headers = new Headers({ 'x-ratelimit-reset': new Date(now.wall + 5000).toISOString() });
    expect(readRateLimitHeaders(headers, now)).toEqual({ resetMs: 5000 });
  });
});

describe('how many calls are left', () => {
  it.each([
    ['x-ratelimit-remaining', '0', 0],
    ['x-ratelimit-remaining', '17', 17],
    ['x-rate-limit-remaining', '3', 3],
    ['ratelimit-remaining', '4', 4],
    ['ratelimit', '"burst";r=100;t=60, "daily";r=2;t=1000', 2],
    ['ratelimit', 'limit=10, remaining=5, reset=2', 5],
    ['x-ratelimit-remaining', '-1', undefined],
    ['x-ratelimit-remaining', 'many', undefined],
  ])('%s: %s', (name, value, remaining) => {
    expect(read({ [name]: value }).remaining).toBe(remaining);
  });
});
