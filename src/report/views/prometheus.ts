// renderMetrics: the figures of runs in the Prometheus text format, for the node exporter's textfile collector. Pure.
import type { RowEnd, RunEnd } from '../events.ts';

/** The figures of one run. A figure that a run ended too early to know is undefined, and its metric is left out. */
export interface RunFigures {
  readonly org: string;
  readonly job: string;
  readonly exitCode: number;
  readonly end?: RunEnd | undefined;
  /** Rows by action, outcome and reason. */
  readonly rows?: ReadonlyMap<string, number> | undefined;
  /** Number of rows that leave a person with access that should have ended, for a reason that is not accepted. */
  readonly leftOut?: number | undefined;
  /** Age of the oldest manifest. */
  readonly inputAgeSeconds?: number | undefined;
  /** Number of guard entries that match nobody in the directory. */
  readonly unmatchedGuards?: number | undefined;
  /** Differences between a list of people and the directory, by class. */
  readonly drift?: Readonly<Record<string, number>> | undefined;
  /** When the run ended, in epoch seconds. */
  readonly at: number;
  /** When a run of this organization and job last ended with exit code 0, in epoch seconds. */
  readonly lastSuccess?: number | undefined;
}

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: (run: RunFigures) => number | undefined;
}

const gauges: readonly Gauge[] = [
  { name: 'requests', help: 'HTTP requests of the last run.', value: ({ end }) => end?.requests },
  { name: 'throttled', help: 'Answers 429 of the last run.', value: ({ end }) => end?.throttled },
  { name: 'run_seconds', help: 'How long the last run took.', value: ({ end }) => end?.seconds },
  {
    name: 'left_out',
    help: 'Rows of the last run that leave a person with access for a reason that is not accepted.',
    value: ({ leftOut }) => leftOut,
  },
  {
    name: 'input_age_seconds',
    help: 'Age of the oldest manifest when the last run began.',
    value: ({ inputAgeSeconds }) => inputAgeSeconds,
  },
  {
    name: 'unmatched_guards',
    help: 'Guard entries of the last run that match nobody.',
    value: ({ unmatchedGuards }) => unmatchedGuards,
  },
  { name: 'exit_code', help: 'Exit code of the last run.', value: ({ exitCode }) => exitCode },
  { name: 'last_run_timestamp_seconds', help: 'When the last run ended.', value: ({ at }) => at },
  {
    name: 'last_success_timestamp_seconds',
    help: 'When a run last ended with exit code 0.',
    value: ({ lastSuccess }) => lastSuccess,
  },
];

/** The whole text of a metrics file, with a line end after the last line. */
export function renderMetrics(runs: readonly RunFigures[]): string {
  const rows = runs.flatMap((run) =>
    [...(run.rows ?? [])].map(([labels, count]) => `leavers_rows{${runLabels(run)},${labels}} ${count}`),
  );
  return [
    ...metric('rows', 'Rows of the last run by action, outcome and reason.', rows.toSorted()),
    ...metric('drift', 'Differences that the last reconcile found, by class.', runs.flatMap(driftSamples)),
    ...gauges.flatMap(({ name, help, value }) => {
      const samples = runs.flatMap((run) => {
        const figure = value(run);
        return figure === undefined ? [] : [`leavers_${name}{${runLabels(run)}} ${figure}`];
      });
      return metric(name, help, samples);
    }),
    '',
  ].join('\n');
}

function driftSamples(run: RunFigures): string[] {
  const counts = Object.entries(run.drift ?? {});
  return counts.map(([kind, count]) => `leavers_drift{${runLabels(run)},class="${kind}"} ${count}`);
}

function metric(name: string, help: string, samples: readonly string[]): string[] {
  if (samples.length === 0) return [];
  return [`# HELP leavers_${name} ${help}`, `# TYPE leavers_${name} gauge`, ...samples];
}

/** The labels of a row, beside those of its run. */
export function rowLabels({ action, outcome, reason }: Pick<RowEnd, 'action' | 'outcome' | 'reason'>): string {
  return `action="${escape(action ?? 'invalid')}",outcome="${outcome}",reason="${escape(reason ?? '')}"`;
}

function runLabels({ org, job }: Pick<RunFigures, 'org' | 'job'>): string {
  return `org="${escape(org)}",job="${escape(job)}"`;
}

/** Epoch seconds of the last success of this organization and job, as an earlier metrics file has it. */
export function lastSuccessIn(text: string, run: Pick<RunFigures, 'org' | 'job'>): number | undefined {
  const start = `leavers_last_success_timestamp_seconds{${runLabels(run)}} `;
  const line = text.split('\n').find((each) => each.startsWith(start));
  const value = Number(line?.slice(start.length) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
