// `leavers plan --explain LINE`: what became of one line of the input.
import type { Context } from '../../context.ts';
import { exitCodes, LeaversError } from '../../errors.ts';
import type { Settings } from '../../config/settings.ts';
import type { Explanation } from '../../manifest/explain-line.ts';
import type { PlanEntry } from '../../plan/plan-entry.ts';
import { emptyResumeState } from '../../report/read/resume-state.ts';
import { print, printData } from '../../terminal/output.ts';
import { listenForSignals } from '../../terminal/signals.ts';
import { utcMinute } from '../../text/phrases.ts';
import { neutralize } from '../../text/sanitize.ts';
import { checkManifestSet, openManifestSet, planManifests, rowsToPlan } from '../plan-manifests.ts';

/** Settings of a plan, as far as an explanation needs them. */
type ExplainSettings = Settings & { readonly plan: { readonly offline: boolean } };

/** Prints the line with its cells, columns, date, conditions, rows and verdicts, and returns the exit code. */
export async function explainPlan(
  settings: ExplainSettings,
  { line, context }: { line: number; context: Context },
): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listenForSignals(context, (signal) => context.exit(exitCodes[signal])));
  // Errors in other lines must not hide this one.
  const lenient = { ...settings, run: { ...settings.run, skipInvalid: true, quiet: true } };
  const { set } = await openManifestSet(lenient, context, { stack, signal: signals.stop });
  const checked = await checkManifestSet(set, lenient);
  const found = await set.explain(line);
  if (found.length === 0)
    throw new LeaversError(
      'usage',
      `--explain ${line}: no row begins on this line or before it; give a line below the headers`,
    );
  const entries: PlanEntry[] = [];
  await planManifests(lenient, context, {
    rows: rowsToPlan(checked),
    past: emptyResumeState(),
    offline: settings.plan.offline,
    signal: signals.stop,
    keep: (entry) => void (found.some((each) => isAbout(entry, each)) && entries.push(entry)),
    stack,
  });
  if (settings.run.json) {
    await printData(
      context.stdout,
      JSON.stringify(
        found.map((each) => explanationData(each, entries)),
        null,
        2,
      ),
    );
    return exitCodes.ok;
  }
  for (const each of found)
    await print(context.stdout, neutralizeLines([placeOf(each, line), ...render(each, entries)]));
  return exitCodes.ok;
}

function isAbout(entry: PlanEntry, { file, line }: Pick<Explanation, 'file' | 'line'>): boolean {
  const at = 'planned' in entry ? entry.planned.record : entry.invalid;
  return at.file === file && at.line === line;
}

/** The same as the text, for programs. */
function explanationData(
  { file, line, cells, values, date, selection }: Explanation,
  entries: readonly PlanEntry[],
): object {
  const rows = entries.filter((entry) => isAbout(entry, { file, line })).map(rowText);
  return { file, line, cells, columns: values, date: date ?? null, selection, rows };
}

/** The row may begin before the line, because a row can span several lines. */
function placeOf({ file, line }: Explanation, wanted: number): string {
  const isNear = line !== wanted;
  return `${file}:${line}${isNear ? ` (no row begins on line ${wanted}; this is the one before)` : ''}`;
}

function render(explained: Explanation, entries: readonly PlanEntry[]): string[] {
  const { cells, values, date, selection } = explained;
  const rows = entries.filter((entry) => isAbout(entry, explained)).map(rowText);
  return [
    'cells:',
    ...cells.map(indented),
    'columns:',
    ...values.map(indented),
    ...(date === undefined ? [] : [`date: ${date}`]),
    `selection: ${selection}`,
    `rows: ${rows.length === 0 ? 'none' : rows.length}`,
    ...rows.map(indented),
  ];
}

function rowText(entry: PlanEntry): string {
  if (!('planned' in entry)) return `invalid: ${entry.invalid.issues.map(({ message }) => message).join('; ')}`;
  const { record, verdict } = entry.planned;
  const { accountId, email, groupId, groupName, notBefore } = record.fields;
  const about = [email ?? accountId, groupName ?? groupId].filter((each) => each !== undefined).join(' · ');
  const due = notBefore === undefined ? '' : `, not before ${utcMinute(notBefore)}`;
  const reason = verdict.verdict === 'skip' ? `skipped (${verdict.reason})` : verdict.verdict;
  const why = verdict.message === undefined ? '' : `: ${verdict.message}`;
  return `${record.action} ${about}${due}: ${reason}${why}`;
}

function indented(text: string): string {
  return `  ${text}`;
}

function neutralizeLines(lines: readonly string[]): string {
  return lines.map(neutralize).join('\n');
}
