// The spec of `leavers init`: its arguments, help and start.
import type { Command } from '../command.ts';
import type { InitTools } from './init.ts';

/** `leavers init`. `check` tests the settings before they are saved; the program gives the checks of `doctor`. */
export function initCommand(check: InitTools['check']): Command {
  return {
    args: '',
    least: 0,
    most: 0,
    summary: 'Set up an organization: its id, the place of its API key, a check, and a named profile.',
    about:
      'Asks questions on a terminal; elsewhere, pass all answers as flags. The configuration never contains a key: a key that you type is stored in its own file with mode 0600.',
    examples: [
      ['init', 'answer a few questions'],
      ['init --profile acme --org-id ID --api-key-file acme.key', 'without questions'],
      ["init --profile acme --api-key-command 'op read op://vault/acme/key'", 'a key from a password manager'],
      ['plan leavers.csv --profile acme', 'use it'],
    ],
    start: async (call) => {
      const [{ init }, { openDialog }] = await Promise.all([import('./init.ts'), import('./dialog.ts')]);
      const isAsked = call.context.stdin.isTTY === true && call.context.stderr.isTTY === true;
      const isAnswerable = isAsked && !call.flag('no-input') && !call.context.env['CI'];
      using dialog = isAnswerable ? openDialog(call.context) : undefined;
      return await init(call, { dialog, check });
    },
  };
}
