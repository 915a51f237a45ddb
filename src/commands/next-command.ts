// The next command, ready to paste: resume the rest, retry what a person has checked, or show what was done.
import { needsAllow } from '../actions/action.ts';
import { actions } from '../actions/action-table.ts';
import { exitCodes } from '../errors.ts';
import type { Settings } from '../config/settings.ts';
import type { ActionName } from '../model.ts';
import type { RunStart } from '../report/events.ts';
import { outputFormat } from '../storage/tables/output-format.ts';
import type { ExecutedPlan } from '../run/execute.ts';
import { many } from '../text/phrases.ts';

/**
 * After a run: the same command with `--resume`, or the page when nothing is left to do. Rows with the outcome `unknown` are for a person
 * to check first, so their command asks for confirmation again.
 */
export function nextStep({ exitCode }: ExecutedPlan, { report, unknown }: NextStep, { run }: Settings): string {
  if (exitCode === exitCodes.ok) return pageCommand([report]);
  const resume = (args: readonly string[]) => shell(['leavers', 'run', ...args, '--report', report, '--resume']);
  if (exitCode !== exitCodes.unknown) return resume(run.repeatArgs);
  const asking = run.repeatArgs.filter((word) => word !== '--yes' && word !== '--quiet');
  return `check ${many(unknown, 'unconfirmed row')} in the organization, then: ${resume(asking)} --retry-unknown`;
}

interface NextStep {
  readonly report: string;
  /** Rows with the outcome `unknown`. */
  readonly unknown: number;
}

/** The command that resumes an unfinished report, rebuilt from its first line. */
export function resumeCommand({ manifests, job, operator, settings }: RunStart, report: string): string {
  const allow = Array.isArray(settings['allow']) ? settings['allow'].map(String) : [];
  return shell([
    'leavers',
    'run',
    ...manifests.map(({ path }) => path),
    '--report',
    report,
    '--resume',
    ...(job === null ? [] : ['--job', job]),
    ...allow.flatMap((name) => ['--allow', name]),
    ...(typeof settings['approvers'] === 'string'
      ? ['--approvers', settings['approvers'], '--operator', operator]
      : []),
    ...(settings['sandbox'] === true ? ['--sandbox'] : []),
  ]);
}

/** A page of reports. */
export function pageCommand(reports: readonly string[]): string {
  const [path = ''] = reports;
  return shell(['leavers', 'report', ...reports, '--html', `${path.replace(/\.ndjson$/, '')}.html`]);
}

/** Flags about reading a manifest do not apply to a saved plan. A bound plan keeps its job, for guards and pace. */
const reading = ['--format', '--encoding', '--delimiter'];

/** After a plan: the run of it, on the report that it was made over, or of the manifest that it was saved as. */
export function runCommand({ run, guards }: Settings, out?: string): string {
  const { report = '-' } = run;
  // Without the report, completed rows would be sent once more.
  if (out === undefined)
    return shell(['leavers', 'run', ...run.repeatArgs, ...(report === '-' ? [] : ['--report', report, '--resume'])]);
  const own = run.repeatArgs.slice(run.manifests.length);
  const isBound = outputFormat(out) === 'json';
  const dropped = isBound ? reading : ['--job', ...reading];
  const kept = own.filter(
    (word, at) => !dropped.includes(word) && !dropped.includes(own[at - 1] ?? '') && word !== '--ignore-columns',
  );
  const missing = isBound ? [] : guards.allow.filter((name) => !own.includes(name));
  return shell(['leavers', 'run', out, ...kept, ...missing.flatMap((name) => ['--allow', name])]);
}

interface WrittenManifest {
  readonly path: string;
  readonly used: Iterable<ActionName>;
  /** A job that only has settings. */
  readonly job?: string | undefined;
  /** The manifest of a rehearsal is for the simulated organization, or that of a state file. */
  readonly sandbox: boolean | string;
}

/** The run of a manifest that was just written, with what its actions need. */
export function manifestCommand({ path, used, job, sandbox }: WrittenManifest): string {
  const grave = [...new Set(used)].filter((name) => needsAllow(actions[name]));
  const settings = job === undefined ? [] : ['--job', job];
  const rehearsing = sandbox === false ? [] : ['--sandbox', ...(sandbox === true ? [] : [sandbox])];
  return shell(['leavers', 'run', path, ...settings, ...grave.flatMap((name) => ['--allow', name]), ...rehearsing]);
}

function shell(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** A word quoted for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
