// `leavers actions`: the table of actions to read, or as JSON for a program.
import type { Action } from '../../actions/action.ts';
import { actions as table } from '../../actions/action-table.ts';
import { exitCodes } from '../../errors.ts';
import type { Call } from '../command.ts';
import { paintFor, print, printData } from '../../terminal/output.ts';

/** Prints every action and returns the exit code. */
export async function actions({ flag: readFlag, context }: Call): Promise<number> {
  const all: readonly Action[] = Object.values(table);
  const paint = paintFor(context.stdout, context.env);
  if (readFlag('json')) await printData(context.stdout, JSON.stringify(all.map(asData), null, 2));
  else
    await print(context.stdout, all.map((action) => renderAction(action, (text) => paint('bold', text))).join('\n\n'));
  return exitCodes.ok;
}

function asData(action: Action) {
  const { name, summary, risk, needs, takes, endpoints, example } = action;
  return { name, summary, risk, needs, takes, undoneBy: undoneBy(action), endpoints, example };
}

function renderAction(action: Action, bold: (text: string) => string): string {
  const { name, summary, risk, needs, takes, endpoints } = action;
  const back = undoneBy(action);
  return [
    `${bold(name.padEnd(24))}${risk}${back === null ? '' : `, undone by ${back}`}`,
    `  ${summary}`,
    `  needs ${needs.map((need) => words[need] ?? need).join(', ')}; takes ${[...takes, 'reference'].join(', ')}`,
    ...(['v1', 'v2'] as const).map((generation) => `  ${generation}  ${endpoints[generation]}`),
  ].join('\n');
}

/** Requirements that either of two columns meets. */
const words: Readonly<Record<string, string>> = { user: 'accountId or email', group: 'groupId or groupName' };

/** The action that undoes an action completely, or null. */
function undoneBy(action: Action): string | null {
  if (action.risk !== 'reversible') return null;
  const fields = Object.fromEntries(Object.entries(action.example).filter(([name]) => name !== 'action'));
  const back = action.undo({ fields, result: { groupId: 'g' } });
  return typeof back === 'string' ? null : (back.rows[0]?.action ?? null);
}
