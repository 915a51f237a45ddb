// How far a run is: a bar on a terminal, a plain line a minute elsewhere; nothing when it should be quiet.
import { Presets, SingleBar } from 'cli-progress';
import type { Client } from '../client/reply.ts';
import type { Context } from '../context.ts';
import type { Settings } from '../options.ts';
import type { RowEnd } from '../report/events.ts';
import { duration } from './plantext.ts';
import { print } from './screen.ts';

export interface Progress {
  row(line: RowEnd): void;
  close(): void;
}

export interface ProgressOf {
  readonly total: number;
  readonly settings: Settings;
  readonly context: Context;
  readonly client: Client;
}

interface Tally {
  finished: number;
  failed: number;
}

const minute = 60_000;

/** Opens the progress that fits the stream; close it before anything else is printed. */
export function openProgress(of: ProgressOf): Progress {
  const { settings, context } = of;
  const animated = context.stderr.isTTY === true && !context.env['CI'] && context.env['TERM'] !== 'dumb';
  if (settings.run.quiet) return { row: () => {}, close: () => {} };
  return animated ? bar(of) : lines(of);
}

function words({ total, context, client }: ProgressOf, tally: Tally, started: number): string {
  const now = context.clock.monotonic();
  const left = ((now - started) / Math.max(1, tally.finished)) * (total - tally.finished);
  const shut = client.shutUntil();
  const wait = shut !== undefined && shut > now ? `, waiting for the limit, ${duration(shut - now)}` : '';
  const eta = tally.finished > 0 && tally.finished < total ? `, ${duration(left)} to go` : '';
  return `${tally.finished}/${total} rows, ${tally.failed} failed, ${client.usage.requests} calls${eta}${wait}`;
}

function count(tally: Tally, line: RowEnd): void {
  tally.finished += 1;
  if (line.outcome === 'failed' || line.outcome === 'unknown') tally.failed += 1;
}

function lines(of: ProgressOf): Progress {
  const tally = { finished: 0, failed: 0 };
  const started = of.context.clock.monotonic();
  const stop = new AbortController();
  const tell = async () => {
    while (!stop.signal.aborted) {
      await of.context.sleep(minute, stop.signal);
      if (!stop.signal.aborted) await print(of.context.stderr, words(of, tally, started));
    }
  };
  void tell();
  return { row: (line) => count(tally, line), close: () => stop.abort() };
}

function bar(of: ProgressOf): Progress {
  const tally = { finished: 0, failed: 0 };
  const started = of.context.clock.monotonic();
  const shown = new SingleBar(
    {
      format: '{bar} {words}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
      stream: of.context.stderr,
    },
    Presets.shades_grey,
  );
  const payload = () => ({ words: words(of, tally, started) });
  shown.start(Math.max(1, of.total), 0, payload());
  const row = (line: RowEnd) => {
    count(tally, line);
    shown.update(tally.finished, payload());
  };
  return { row, close: () => shown.stop() };
}
