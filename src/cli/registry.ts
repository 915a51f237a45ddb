// Lists the specs of all commands. Help, completion, dispatch, the man page and the reference are made from this list.
import { command as actions } from '../commands/actions/command.ts';
import { command as approve } from '../commands/approve/command.ts';
import { checkSettings, command as doctor } from '../commands/doctor/command.ts';
import { initCommand } from '../commands/init/command.ts';
import { command as inactive } from '../commands/inactive/command.ts';
import { command as plan } from '../commands/plan/command.ts';
import { command as reconcile } from '../commands/reconcile/command.ts';
import { command as report } from '../commands/report/command.ts';
import { command as run } from '../commands/run/command.ts';
import { command as sandbox } from '../commands/sandbox/command.ts';
import { command as template } from '../commands/template/command.ts';
import { command as undo } from '../commands/undo/command.ts';
import { command as verify } from '../commands/verify/command.ts';
import type { Command } from '../commands/command.ts';
import type { CommandName } from '../config/flags/flag.ts';
import { flags } from '../config/flags/flag-table.ts';

/** In cli/, because its script is made from the specs of all commands. */
const completion: Command = {
  args: '<bash|zsh|fish>',
  least: 1,
  most: 1,
  summary: 'Print a completion script for a shell.',
  examples: [
    ['completion bash > ~/.local/share/bash-completion/completions/leavers', ''],
    ['completion zsh > "${fpath[1]}/_leavers"', ''],
    ['completion fish > ~/.config/fish/completions/leavers.fish', ''],
  ],
  start: async (call) => (await import('./completion.ts')).completion(call, { commands, flags }),
};

/** Every command by its name. A missing one is a compile error. */
export const commands: Readonly<Record<CommandName, Command>> = {
  run,
  plan,
  approve,
  reconcile,
  init: initCommand(checkSettings),
  report,
  verify,
  undo,
  inactive,
  template,
  actions,
  doctor,
  sandbox,
  completion,
};
