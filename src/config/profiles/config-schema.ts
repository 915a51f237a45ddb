// configSchema: the schema of the configuration file. Nothing in it is secret.
import { z } from 'zod';
import { parseDay } from '../flags/parse-value.ts';
import { profileFlags } from './profile-defaults.ts';

const text = z.string().min(1);
const optional = z.exactOptional;

const entry = z.strictObject({
  orgId: text,
  orgName: optional(text),
  apiKeyFile: optional(text),
  apiKeyCommand: optional(z.array(text).min(1)),
  keyExpires: optional(z.string().refine(isDay, 'is not a day; give one like 2027-01-31')),
  defaults: optional(z.strictObject(Object.fromEntries(profileFlags.map((name) => [name, optional(text)])))),
});
/** The configuration file. `defaults` are texts of flags; `keyExpires` is a day, `2027-01-31`. */
export const configSchema = z.strictObject({ default: optional(text), profiles: z.record(z.string(), entry) });

function isDay(day: string): boolean {
  try {
    return parseDay(day, '') === day;
  } catch {
    return false;
  }
}
