// chooseKey: where the API key of a profile comes from, by flags or by questions, and the key itself for the check.
import { join, resolve } from 'node:path';
import { readKey } from '../../config/api-key.ts';
import { parseText } from '../../config/flags/parse-value.ts';
import { parseCommandLine } from '../../config/profiles/command-line.ts';
import { configFolder } from '../../config/profiles/config-file.ts';
import { runKeyCommand } from '../../config/profiles/key-command.ts';
import { keyAddress } from '../../config/profiles/key-expiry.ts';
import { parseKey, type Secret } from '../../config/secret.ts';
import type { Context } from '../../context.ts';
import { LeaversError } from '../../errors.ts';
import type { Call } from '../command.ts';
import type { Dialog } from './dialog.ts';

/** The place of a key, as a profile keeps it, and the key. */
export interface ChosenKey {
  readonly place: { readonly apiKeyFile: string } | { readonly apiKeyCommand: string[] };
  readonly key: Secret;
  /** The key is to be written to `place.apiKeyFile`. */
  readonly isStored: boolean;
  readonly warnings: readonly string[];
}

/** The key that flags name; undefined when they name none. */
export async function keyOfFlags({ flag, context }: Call, profile: string): Promise<ChosenKey | undefined> {
  const [path, command] = [flag('api-key-file'), flag('api-key-command')];
  if (flag('api-key-stdin')) {
    const { key, warnings } = await readKey({ file: undefined, stdin: true }, { ...context, env: {} });
    return { place: { apiKeyFile: storedKey(profile, context) }, key, isStored: true, warnings };
  }
  if (command !== undefined) return fromCommand(command, context);
  return path === undefined ? undefined : fromFile(path, context);
}

/** Asks where the key is, after showing where to create one. */
export async function askForKey(
  dialog: Dialog,
  { profile, orgId }: { readonly profile: string; readonly orgId: string },
  context: Context,
): Promise<ChosenKey> {
  const stored = storedKey(profile, context);
  dialog.print(`Create an API key without scopes at ${keyAddress(orgId)}; it is shown once.`);
  dialog.print(`  1  type it now; it is stored in ${stored}, readable only by you`);
  dialog.print('  2  read it from a file');
  dialog.print('  3  read it from a command, such as: op read op://vault/atlassian/key');
  const choice = await dialog.ask('Where is the key? [1] ', (answer) => {
    if (['', '1', '2', '3'].includes(answer)) return answer || '1';
    throw new LeaversError('usage', 'type 1, 2 or 3');
  });
  if (choice === '2') return dialog.ask('File: ', (answer) => fromFile(parseText(answer, 'the path'), context));
  if (choice === '3')
    return dialog.ask('Command: ', (answer) =>
      fromCommand(parseCommandLine(answer, 'the command'), context, dialog.signal),
    );
  const key = await dialog.askHidden('Key (not shown): ', (answer) => parseKey(answer, 'the key'));
  return { place: { apiKeyFile: stored }, key, isStored: true, warnings: [] };
}

function storedKey(profile: string, { env }: Pick<Context, 'env'>): string {
  return join(configFolder(env) ?? '', `${profile}.key`);
}

async function fromFile(path: string, context: Context): Promise<ChosenKey> {
  const apiKeyFile = resolve(context.cwd, path);
  const places = { file: { path: apiKeyFile, isTyped: true }, stdin: false };
  const { key, warnings } = await readKey(places, { ...context, env: {} });
  return { place: { apiKeyFile }, key, isStored: false, warnings };
}

async function fromCommand(command: readonly string[], context: Context, signal?: AbortSignal): Promise<ChosenKey> {
  const key = parseKey(await runKeyCommand(command, context, signal), `the output of ${command[0]}`);
  return { place: { apiKeyCommand: [...command] }, key, isStored: false, warnings: [] };
}
