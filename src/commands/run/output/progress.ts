// Shows the progress of a run: a bar on a terminal, one plain line per minute elsewhere, nothing with --quiet.
import { MultiBar, type Options, Presets } from 'cli-progress';
import type { Client } from '../../../client/client.ts';
import type { Context } from '../../../context.ts';
import type { Settings } from '../../../config/settings.ts';
import type { RowEnd } from '../../../report/events.ts';
import { subjectOf } from '../../../model.ts';
import { neutralize } from '../../../text/sanitize.ts';
import { cut } from '../../../text/width.ts';
import { duration } from '../../../text/phrases.ts';
import { fitTo, type StatusLine } from '../../../terminal/output.ts';
import { openProgressStats, type ProgressStats } from './progress-stats.ts';

export interface Progress {
  row(line: RowEnd): void;
  close(): void;
}

export interface ProgressOf {
  readonly total: number;
  readonly settings: Settings;
  readonly context: Context;
  readonly client: Client;
  /** Prints lines above the bar, if there is one. */
  readonly statusLine: StatusLine;
}

const minute = 60_000;

/** Opens the progress that fits the stream; close it before anything else is printed. */
export function openProgress(of: ProgressOf): Progress {
  const { settings, context } = of;
  const animated = context.stderr.isTTY === true && !context.env['CI'] && context.env['TERM'] !== 'dumb';
  const tally = openProgressStats(of.total, context.clock);
  if (settings.run.quiet) return { row: () => {}, close: () => {} };
  return animated ? bar(of, tally) : lines(of, tally);
}

/** How long the gate stays shut, in ms; 0 when it is open. */
function waitOf({ client, context }: ProgressOf): number {
  const shut = client.pausedUntil();
  return shut === undefined ? 0 : Math.max(0, shut - context.clock.monotonic());
}

/** Parts of the progress line, the most important first. Narrow terminals drop the last ones. */
function parts(of: ProgressOf, tally: ProgressStats): string[] {
  const wait = waitOf(of);
  const { finished, done, failed } = tally.counts();
  const left = tally.remainingMs(wait);
  const rate = tally.perSecond(wait);
  return [
    `${finished}/${of.total}`,
    `${done} done`,
    `${failed} failed`,
    ...(wait > 0 ? [`waiting for the rate limit, ${duration(wait)}`] : []),
    ...(left === undefined ? [] : [`${duration(left)} left`]),
    ...(rate === undefined || wait > 0 ? [] : [`${rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)}/s`]),
  ];
}

function lines(of: ProgressOf, tally: ProgressStats): Progress {
  const { context, settings, statusLine } = of;
  const stop = new AbortController();
  const printLine = async () => {
    while (!stop.signal.aborted) {
      await context.sleep(minute, stop.signal);
      if (!stop.signal.aborted) statusLine.write(parts(of, tally).join(', '));
    }
  };
  void printLine();
  const row = (line: RowEnd) => {
    tally.add(line);
    if (settings.run.verbose) statusLine.write(describeRow(line));
  };
  return { row, close: () => stop.abort() };
}

const [widestBar, narrowestBar] = [24, 8];

/** The bar and the words beside it, in one line that never wraps. */
function drawLine(of: ProgressOf, tally: ProgressStats, share: number): string {
  const width = (of.context.stderr.columns ?? 80) - 1;
  const text = parts(of, tally);
  while (text.length > 3 && text.join(' · ').length + narrowestBar + 1 > width) text.pop();
  const words = text.join(' · ');
  const size = Math.min(widestBar, width - words.length - 1);
  if (size < narrowestBar) return cut(words, width);
  const full = Math.round(share * size);
  return `${Presets.shades_grey.barCompleteChar?.repeat(full)}${Presets.shades_grey.barIncompleteChar?.repeat(size - full)} ${words}`;
}

/** Most failures to print as they happen; the report has all. */
const maxPrinted = 10;

function bar(of: ProgressOf, tally: ProgressStats): Progress {
  const { context, settings, statusLine } = of;
  // Redrawn each time, so that a wait counts down while no row ends. The terminal's modes stay as they are: the process may be killed.
  const options: Options = {
    format: (_, { progress }) => drawLine(of, tally, progress),
    clearOnComplete: true,
    forceRedraw: true,
    gracefulExit: false,
    hideCursor: false,
    linewrap: true,
    fps: 5,
    stream: context.stderr,
  };
  const screen = new MultiBar(options, Presets.shades_grey);
  const shown = screen.create(Math.max(1, of.total), 0);
  const give = statusLine.redirect((text) => screen.log(`${fitTo(context.stderr, text)}\n`));
  let printedFailures = 0;
  const row = (line: RowEnd) => {
    tally.add(line);
    shown.update(tally.counts().finished);
    // Rows that were not sent because of a stop are not printed.
    const isBad = line.attempts > 0 && (line.outcome === 'failed' || line.outcome === 'unknown');
    if (settings.run.verbose || (isBad && printedFailures < maxPrinted)) statusLine.write(describeRow(line));
    if (isBad && !settings.run.verbose && (printedFailures += 1) === maxPrinted)
      statusLine.write('further failures are in the report and summarized at the end');
  };
  const close = () => {
    // Pending lines are written before the bar is removed.
    screen.update();
    screen.stop();
    give();
  };
  return { row, close };
}

/** `✗ people.csv:14 suspend-user jo@example.com: failed, HTTP 403 ADMIN-403-5 Forbidden`. */
function describeRow(line: RowEnd): string {
  const { outcome, reason, status, error, message } = line;
  const words = new Set([status === null ? '' : `HTTP ${status}`, error?.code, error?.title]);
  const refused = [...words].filter(Boolean).join(' ');
  const why = error === null ? (message ?? reason ?? '') : refused;
  const mark = outcome === 'done' || outcome === 'already' ? '✓' : outcome === 'failed' ? '✗' : '–';
  const text = `${mark} ${line.file}:${line.line} ${line.action ?? ''} ${subjectOf(line)}: ${outcome}`;
  return neutralize(why === '' ? text : `${text}, ${why}`);
}
