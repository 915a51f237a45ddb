// The last lines of a run, as text: outcomes by action, failures by cause, what it cost, where everything lies, what to type next. Pure.
import { type OutcomeName, outcomes } from '../record.ts';
import type { RunSummary } from './summary.ts';

export interface RecapOptions {
  readonly width: number;
  readonly paint: (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', text: string) => string;
  readonly report: string;
  /** The command to go on with. */
  readonly next: string | undefined;
}

const styles: Readonly<Record<OutcomeName, 'green' | 'red' | 'yellow' | 'dim'>> = {
  done: 'green',
  already: 'green',
  failed: 'red',
  unknown: 'red',
  skipped: 'yellow',
  held: 'yellow',
  invalid: 'red',
  planned: 'dim',
};

/** The recap without a line end after the last line. */
export function renderRecap(summary: RunSummary, options: RecapOptions): string {
  const { paint, report, next } = options;
  return [
    ...table(summary, options),
    ...causes(summary, options),
    requests(summary),
    ...(summary.ambiguous > 0
      ? [paint('yellow', `${summary.ambiguous} rows are marked ambiguous: an earlier attempt may have arrived`)]
      : []),
    verdict(summary, options),
    `Report    ${printable(report)}`,
    ...(next === undefined ? [] : [`Next      ${paint('bold', next)}`]),
  ].join('\n');
}

function table({ counts }: RunSummary, { paint }: RecapOptions): string[] {
  return Object.entries(counts).map(([action, of]) => {
    const cells = outcomes
      .filter((name) => (of[name] ?? 0) > 0)
      .map((name) => paint(styles[name], `${name} ${of[name]}`));
    return `  ${action.padEnd(24)}${cells.join('   ')}`;
  });
}

const shownCauses = 10;

function causes({ causes: all }: RunSummary, { paint, width }: RecapOptions): string[] {
  const lines = all.slice(0, shownCauses).flatMap(({ cause, hint, count, rows }) => {
    const where = rows.map(({ file, line, subject }) => `${file}:${line} ${subject}`).join(', ');
    return [
      paint('red', cut(`✗ ${count} × ${printable(cause)}`, width)),
      paint('dim', cut(`    ${printable(where)}${count > rows.length ? ', …' : ''}`, width)),
      `    → ${hint}`,
    ];
  });
  const more = all.length - shownCauses;
  return more > 0 ? [...lines, paint('dim', `  and ${more} more causes; leavers report lists them`)] : lines;
}

function requests({ requests: calls, throttled, throttledMs, seconds, slowest }: RunSummary): string {
  const slow = slowest[0] === undefined ? '' : ` · slowest ${slowest[0].ms} ms`;
  return `Requests  ${calls}${throttled > 0 ? ` · ${throttled} times told to wait (429), ${Math.round(throttledMs / 100) / 10} s of waiting` : ''} · ${Math.round(seconds * 10) / 10} s${slow}`;
}

function verdict({ total, rows, complete }: RunSummary, { paint }: RecapOptions): string {
  const good = total.done + total.already;
  const bad = total.failed + total.invalid + total.unknown;
  const rest = rows - good - bad;
  const words = `${good} of ${rows} rows are as wished${bad > 0 ? `, ${bad} failed or are unknown` : ''}${rest > 0 ? `, ${rest} skipped or held` : ''}.`;
  return paint('bold', complete ? words : `${words} The run did not reach its end.`);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Text of a file or the API, safe on a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
