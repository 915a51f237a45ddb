// A run's figures in the Prometheus text format, for the node exporter's textfile collector. Pure.
import type { RunEnd } from '../events.ts';

export interface MetricsOf {
  readonly end: RunEnd;
  readonly org: string;
  readonly job: string;
  readonly exitCode: number;
  /** How many guard entries match nobody in the directory. */
  readonly unmatchedGuards: number;
  /** Epoch seconds. */
  readonly at: number;
}

/** The whole text of a metrics file, sorted, with a line end after the last line. */
export function renderMetrics({ end, org, job, exitCode, at, unmatchedGuards }: MetricsOf): string {
  const labels = `org="${escape(org)}",job="${escape(job)}"`;
  const rows = Object.entries(end.counts).flatMap(([action, counts]) =>
    Object.entries(counts).map(
      ([outcome, count]) => `leavers_rows{${labels},action="${escape(action)}",outcome="${outcome}"} ${count}`,
    ),
  );
  const gauge = (name: string, help: string, value: number) => [
    `# HELP leavers_${name} ${help}`,
    `# TYPE leavers_${name} gauge`,
    `leavers_${name}{${labels}} ${value}`,
  ];
  return [
    '# HELP leavers_rows Rows of the last run by action and outcome.',
    '# TYPE leavers_rows gauge',
    ...rows.toSorted(),
    ...gauge('requests', 'HTTP requests of the last run.', end.requests),
    ...gauge('throttled', 'Answers 429 of the last run.', end.throttled),
    ...gauge('run_seconds', 'How long the last run took.', end.seconds),
    ...gauge('unmatched_guards', 'Guard entries of the last run that match nobody.', unmatchedGuards),
    ...gauge('exit_code', 'Exit code of the last run.', exitCode),
    ...gauge('last_run_timestamp_seconds', 'When the last run ended.', at),
    ...(exitCode === 0 ? gauge('last_success_timestamp_seconds', 'When a run last ended with exit code 0.', at) : []),
    '',
  ].join('\n');
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
