// The simulated organization for `--sandbox`: opened in this process and served on loopback; the settings get its URL and key.
import acme from '../../samples/org.json' with { type: 'json' };
import type { Context } from '../context.ts';
import { InputError, LeaversError } from '../errors.ts';
import { readInput } from '../storage/input-file.ts';
import { accountUrlOf } from '../config/base-url.ts';
import { Secret } from '../config/secret.ts';
import type { Settings } from '../config/settings.ts';
import { openSandbox, parseOrgState } from '../sandbox/sandbox.ts';
import { serveSandbox } from '../sandbox/http/server.ts';

/** Settings that point at the simulated organization, and a function to close it; without --sandbox, the settings unchanged. */
export async function openEmbedded(
  settings: Settings,
  context: Context,
): Promise<{ settings: Settings; close(): Promise<void> }> {
  const { sandbox } = settings.run;
  if (sandbox === false) return { settings, close: async () => {} };
  const where = typeof sandbox === 'string' ? sandbox : 'the built-in organization';
  const state = parseOrgState(typeof sandbox === 'string' ? await readState(sandbox) : acme, where);
  const organization = openSandbox(state, { clock: context.clock, sleep: (ms) => context.sleep(ms) });
  const server = await serveSandbox(organization, { port: 0 });
  const api = {
    ...settings.api,
    org: state.org.id,
    orgName: state.org.name,
    baseUrl: new URL(server.url),
    accountUrl: accountUrlOf(new URL(server.url)),
    key: new Secret('sandbox'),
  };
  return { settings: { ...settings, api }, close: () => server.close() };
}

const stateFile = { name: 'state file', hint: 'use one like samples/org.json' };

/** The JSON of a state file, or of what `what` says. Throws `missing` (66) or InputError (65). */
export async function readState(path: string, what = stateFile): Promise<unknown> {
  const bytes = await readInput(path).catch((error: NodeJS.ErrnoException) => {
    throw new LeaversError('missing', `${path}: the ${what.name} can't be read (${error.code}); ${what.hint}`);
  });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new InputError(`${path}: not JSON; a state file looks like samples/org.json`);
  }
}
