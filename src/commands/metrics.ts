// Metrics files of a command: the figures of each of its runs, written when the command ends, however it ends.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { exitCodes, LeaversError } from '../errors.ts';
import type { RowEnd, RunEnd } from '../report/events.ts';
import { lastSuccessIn, renderMetrics, rowLabels, type RunFigures } from '../report/views/prometheus.ts';
import { isReplaceable, replaceFile } from '../storage/replace-file.ts';
import { print } from '../terminal/output.ts';
import { renderError } from '../terminal/render-error.ts';
import type { Call } from './command.ts';

/** Figures that a run collects while it is in progress. */
export interface Figures {
  org: string;
  orgName?: string | undefined;
  /** The metrics file; a job file may name it. */
  path: string | undefined;
  /** A dry run never counts as a success, because nothing was changed. */
  dryRun: boolean;
  end?: RunEnd;
  leftOut?: number;
  unmatchedGuards?: number;
  inputAgeMs?: number | undefined;
  readonly rows: Map<string, number>;
  report?: string;
  rehearsal?: boolean;
  /** Why the run ended before its first row, without names of people. */
  error?: string;
  /** Differences between a list and the directory, by class. */
  drift?: Readonly<Record<string, number>>;
}

/** Counts a finished row for `leavers_rows`. */
export function countRow({ rows }: Pick<Figures, 'rows'>, line: RowEnd): void {
  const labels = rowLabels(line);
  rows.set(labels, (rows.get(labels) ?? 0) + 1);
}

type EndedFigures = Figures & { readonly job: string; exitCode: number };

/** Collects the figures of the runs of one command, and writes each metrics file once. */
export class MetricsFiles {
  readonly #runs: EndedFigures[] = [];

  /** Runs with its own figures and records the exit code. Rethrows errors. */
  async observe(call: Call, run: (figures: Figures) => Promise<number>): Promise<number> {
    const figures = { ...figuresOf(call), exitCode: exitCodes.bug as number };
    this.#runs.push(figures);
    try {
      figures.exitCode = await run(figures);
      return figures.exitCode;
    } catch (error) {
      figures.exitCode = codeOf(error, call);
      figures.error = reasonOf(error, call);
      throw error;
    }
  }

  /** All runs. A command that ended before its first run has figures too. */
  runs(call: Call, exitCode: number, error?: unknown): readonly EndedFigures[] {
    if (this.#runs.length > 0) return this.#runs;
    return [{ ...figuresOf(call), exitCode, ...(error === undefined ? {} : { error: reasonOf(error, call) }) }];
  }

  /** Writes all files. A failure is reported and changes nothing else. */
  async write(call: Call, exitCode: number): Promise<void> {
    const runs = this.runs(call, exitCode);
    const paths = new Set(runs.flatMap(({ path }) => (path === undefined ? [] : [resolve(call.context.cwd, path)])));
    for (const path of paths) {
      const own = runs.filter((run) => run.path !== undefined && resolve(call.context.cwd, run.path) === path);
      await writeMetrics(path, own, call.context);
    }
  }
}

/** Runs a command between two pings, writes its metrics files at every ending, and sends the message of --notify. */
export async function monitored(call: Call, run: (metrics: MetricsFiles) => Promise<number>): Promise<number> {
  const url = call.flag('ping');
  if (url === undefined) return observed(call, run);
  return (await import('./monitoring/ping.ts')).withPings(url, () => observed(call, run), call.context);
}

async function observed(call: Call, run: (metrics: MetricsFiles) => Promise<number>): Promise<number> {
  const metrics = new MetricsFiles();
  try {
    const code = await run(metrics);
    await send(call, { metrics, code });
    return code;
  } catch (error) {
    await send(call, { metrics, code: codeOf(error, call), error });
    throw error;
  }
}

/** Writes metrics and sends the notification of a run with wrong flags or arguments, if the destinations can be read. */
export async function writeRefusal(refusedCall: Call, error: unknown): Promise<void> {
  const flag = ((name) => {
    try {
      return refusedCall.flag(name);
    } catch {
      return undefined;
    }
  }) as Call['flag'];
  const call = { ...refusedCall, flag };
  await send(call, { metrics: new MetricsFiles(), code: codeOf(error, call), error });
}

interface Ending {
  readonly metrics: MetricsFiles;
  readonly code: number;
  readonly error?: unknown;
}

async function send(call: Call, { metrics, code, error }: Ending): Promise<void> {
  await metrics.write(call, code);
  const url = call.flag('notify');
  if (url === undefined) return;
  const { notify } = await import('./monitoring/notify.ts');
  await notify(url, { command: call.name, exitCode: code, runs: metrics.runs(call, code, error) }, call.context);
}

function codeOf(error: unknown, { context }: Call): number {
  return renderError(error, { verbose: false, json: false, masks: [] }, context).code;
}

/** The first line of an error. Errors about the input may quote names and addresses, which must not reach a chat. */
function reasonOf(error: unknown, { context, secrets }: Call): string {
  if (error instanceof LeaversError && ['invalid', 'usage'].includes(error.kind))
    return error.kind === 'usage' ? 'wrong usage; see the log' : 'the input is invalid; see the log';
  const { text } = renderError(error, { verbose: false, json: false, masks: secrets }, context);
  return text.replace('leavers: ', '').split('\n')[0]?.slice(0, 300) ?? '';
}

function figuresOf(call: Call): Figures & { readonly job: string } {
  const { args, flag, context } = call;
  const named = flag('job') ?? flag('report') ?? args.positionals[0] ?? flag('organizations') ?? call.name;
  return {
    org: flag('org-id') ?? context.env['ATLASSIAN_ORG_ID'] ?? '',
    job: basename(named),
    path: flag('metrics-file'),
    dryRun: flag('dry-run'),
    rehearsal: flag('sandbox') !== undefined,
    rows: new Map(),
  };
}

/** The content of an earlier run; empty without one. */
async function readBefore(path: string): Promise<string> {
  try {
    return isReplaceable(path) ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}

async function writeMetrics(path: string, runs: readonly EndedFigures[], context: Context): Promise<void> {
  const at = Math.round(context.clock.now() / 1000);
  const before = await readBefore(path);
  const figures = runs.map((run): RunFigures => {
    const isSuccess = run.exitCode === exitCodes.ok && !run.dryRun && run.rehearsal !== true;
    const inputAgeSeconds = run.inputAgeMs === undefined ? undefined : Math.round(run.inputAgeMs / 1000);
    return { ...run, inputAgeSeconds, at, lastSuccess: isSuccess ? at : lastSuccessIn(before, run) };
  });
  try {
    await replaceFile(path, (draft) => writeFile(draft, renderMetrics(figures), { mode: 0o644, flag: 'wx' }), context);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    await print(context.stderr, `warning: ${path}: the metrics could not be written (${code})`);
  }
}
