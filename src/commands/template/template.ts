// `leavers template`: a CSV to fill in, for an action or a job; without an argument, the list of both.
import { actions } from '../../actions/action-table.ts';
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import { readJobFile } from '../../manifest/job/job-file.ts';
import { shippedJobs } from '../../manifest/job/shipped-jobs.ts';
import { didYouMean } from '../../text/suggest.ts';
import { renderTemplate } from '../../manifest/write.ts';
import { quote } from '../../text/quote.ts';
import { print } from '../../terminal/output.ts';
import { actionNames } from '../../model.ts';
import type { Call } from '../command.ts';

/** Prints the template or the list, and returns the exit code. */
export async function template({ args: words, flag: readFlag, context }: Call): Promise<number> {
  const subject = words.positionals[0];
  const from = readFlag('from');
  if (from !== undefined && subject !== undefined)
    throw new LeaversError(
      'usage',
      `--from ${quote(from)} drafts a job file, and ${quote(subject)} asks for a template; give one of the two`,
    );
  if (from === undefined && subject === undefined) {
    await print(context.stdout, await renderList(context));
    return exitCodes.ok;
  }
  const text = await (from === undefined ? renderFor(subject ?? '', context) : draft(from, context));
  // The text has its own line ends.
  await new Promise<void>((resolve) => context.stdout.write(text, () => resolve()));
  return exitCodes.ok;
}

async function draft(path: string, context: Context): Promise<string> {
  const { draftExport } = await import('../../manifest/draft/draft-export.ts');
  return draftExport(path, context);
}

async function renderFor(subject: string, context: Context): Promise<string> {
  const name = actionNames.find((each) => each === subject);
  if (name !== undefined) return renderTemplate(actions[name]);
  const jobs = shippedJobs();
  if (/\.(json|ya?ml)$/i.test(subject) || jobs.includes(subject))
    return renderTemplate(await readJobFile(subject, context));
  const hint = didYouMean(subject, [...actionNames, ...jobs]) || ';';
  throw new LeaversError(
    'usage',
    `${quote(subject)} is neither an action nor a job file (.json, .yaml) nor a shipped job${hint} \`leavers template\` lists the actions and jobs`,
  );
}

async function renderList(context: Context): Promise<string> {
  const jobs = await Promise.all(shippedJobs().map((name) => readJobFile(name, { ...context, cwd: '/' })));
  const described = [
    ...actionNames.map((name) => [name, actions[name].summary] as const),
    ...jobs.map(({ path, description = '' }) => [path, description] as const),
  ];
  const width = Math.max(...described.map(([name]) => name.length));
  const lines = described.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`);
  const [ours, theirs] = [lines.slice(0, actionNames.length), lines.slice(actionNames.length)];
  return [
    'Actions (leavers template ACTION):',
    ...ours,
    '',
    'Jobs for exports (leavers template JOB, leavers plan FILE --job JOB):',
    ...theirs,
  ].join('\n');
}
