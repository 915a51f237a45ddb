// Warns about an API key that expires soon. The API does not show the day, so the profile stores it.
import type { Profile } from './profile.ts';

const dayMs = 86_400_000;
/** Days before the expiry on which warnings start. */
const ahead = 14;

/** The page where API keys of an organization are created. */
export function keyAddress(orgId: string): string {
  return `https://admin.atlassian.com/o/${orgId} (Settings > API keys)`;
}

/** Warnings about the expiry of a profile's key; none when it is far away or unknown. `now` is epoch ms. */
export function warnExpiry({ name, orgId, keyExpires }: Profile, now: number): string[] {
  if (keyExpires === undefined) return [];
  // The key is valid to the end of the day, in UTC.
  const days = Math.ceil((Date.parse(keyExpires) + dayMs - now) / dayMs) - 1;
  if (days > ahead) return [];
  const when =
    days < 0
      ? `expired on ${keyExpires}`
      : `expires on ${keyExpires}, ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}`;
  return [
    `the API key of profile ${name} ${when}; make a new one at ${keyAddress(orgId)} and run leavers init --profile ${name}`,
  ];
}
