// Opens the organization behind the settings: the embedded one with --sandbox, else the real one.
import type { Settings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import type { Session } from './session.ts';

export interface OpenedSession {
  readonly organization: Session;
  /** The given settings; with --sandbox they have the simulated organization's URL and key. */
  readonly settings: Settings;
}

/** Opens the session; the stack closes it. Throws LeaversError when it can't be reached or refuses the key. */
export async function openSessionFor(
  commandSettings: Settings,
  context: Context,
  { stack, signal }: { stack: AsyncDisposableStack; signal: AbortSignal },
): Promise<OpenedSession> {
  // Lazy import: an offline plan never loads the HTTP client.
  const [{ openSession }, { openEmbedded }] = await Promise.all([import('./session.ts'), import('./embedded.ts')]);
  const embedded = await openEmbedded(commandSettings, context);
  stack.defer(() => embedded.close());
  const organization = await openSession(embedded.settings.api, context, signal);
  stack.defer(() => organization.close());
  return { settings: embedded.settings, organization };
}
