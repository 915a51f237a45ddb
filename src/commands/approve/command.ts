// The spec of `leavers approve`: its arguments, help and start.
import { LeaversError } from '../../errors.ts';
import type { Command } from '../command.ts';

/** `leavers approve`. */
export const command: Command = {
  args: '<plan>',
  least: 0,
  most: 1,
  summary: 'Approve a saved plan (.json) as a second person, with your own key.',
  about:
    'The signature goes into PLAN.approval; several people may add theirs. A run with --approvers needs the signature of somebody other than its operator.',
  examples: [
    ['approve --new-key jo.pem --as jo@example.com', 'create a key; add the printed line to the list of approvers'],
    ['approve plan.json --key jo.pem --as jo@example.com', 'approve a plan'],
    ['run plan.json --approvers approvers.txt --operator ada@example.com', 'run it, as another person'],
  ],
  start: async (call) => {
    const { flag, args, context } = call;
    const [approver, key, newKey] = [flag('as'), flag('key'), flag('new-key')];
    const [plan] = args.positionals;
    if (approver === undefined)
      throw new LeaversError('usage', 'approve needs --as with your e-mail, as in the list of approvers');
    if (newKey === undefined && (key === undefined || plan === undefined))
      throw new LeaversError('usage', 'approve needs a plan and --key FILE, or --new-key FILE to create a key');
    if (newKey === '-') throw new LeaversError('usage', '--new-key needs a file; a private key is never printed');
    const { approve } = await import('./approve.ts');
    const options = { plan, approver, key, newKey, maxAgeMs: flag('max-plan-age'), quiet: flag('quiet') };
    return approve(options, context);
  },
};
