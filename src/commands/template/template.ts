// `leavers template`: a CSV to fill in, for an action, a job file, or with every column.
import { actions } from '../../actions/action-table.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { readJobFile } from '../../manifest/job/job-file.ts';
import { didYouMean } from '../../text/suggest.ts';
import { renderTemplate } from '../../manifest/write.ts';
import { quote } from '../../text/quote.ts';
import { actionNames } from '../../model.ts';
import type { Call } from '../command.ts';

/** Prints the template and returns the exit code. */
export async function template({ args: words, context }: Call): Promise<number> {
  const text = await renderFor(words.positionals[0], context);
  // The text has its own line ends.
  await new Promise<void>((resolve) => context.stdout.write(text, () => resolve()));
  return exitCodes.ok;
}

async function renderFor(subject: string | undefined, context: Call['context']): Promise<string> {
  if (subject === undefined) return renderTemplate({ path: '' });
  const name = actionNames.find((each) => each === subject);
  if (name !== undefined) return renderTemplate(actions[name]);
  if (/\.(json|ya?ml)$/i.test(subject)) return renderTemplate(await readJobFile(subject, context));
  const hint = didYouMean(subject, actionNames) || ';';
  throw new LeaversError(
    'usage',
    `${quote(subject)} is neither an action nor a job file (.json, .yaml)${hint} \`leavers actions\` lists the actions`,
  );
}
