// Warnings about an API key that ends soon. The API does not tell the day, so the profile keeps it.
import type { Profile } from './profile.ts';

const dayMs = 86_400_000;
/** Days before the end from which on every command warns. */
const ahead = 14;

/** Where keys are made, for an organization. The form of the address is the vendor's; keys are under Settings > API keys. */
export function keyAddress(orgId: string): string {
  return `https://admin.atlassian.com/o/${orgId} (Settings > API keys)`;
}

/** What to say about the day on which the key of a profile ends; nothing when it is far away or not known. `now` is epoch ms. */
export function warnExpiry({ name, orgId, keyExpires }: Profile, now: number): string[] {
  if (keyExpires === undefined) return [];
  // The day counts to its end, in UTC.
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
