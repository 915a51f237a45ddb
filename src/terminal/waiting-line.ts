// openWaitingLine: shows progress before there are results: a redrawn line on a terminal, one plain line per minute elsewhere.
import type { Context } from '../context.ts';
import { cut } from '../text/width.ts';
import { print, type StatusLine } from './output.ts';

/** Ms between redraws on a terminal, also before the first, so that quick work draws nothing. */
const redrawMs = 300;
/** Ms between two lines elsewhere. */
const lineMs = 60_000;

/** Shows `describe()` on stderr until it is disposed. Lines of `statusLine` appear above it. */
export function openWaitingLine(describe: () => string, statusLine: StatusLine, context: Context): Disposable {
  const { stderr, env } = context;
  const isAnimated = stderr.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb';
  const stop = new AbortController();
  void repeat(isAnimated ? redrawMs : lineMs, isAnimated ? draw : () => statusLine.write(describe()));
  const restore = isAnimated ? statusLine.redirect(writeAbove) : () => {};
  return {
    [Symbol.dispose]: () => {
      stop.abort();
      restore();
      clear();
    },
  };

  async function repeat(ms: number, show: () => void): Promise<void> {
    for (;;) {
      await context.sleep(ms, stop.signal);
      if (stop.signal.aborted) return;
      show();
    }
  }

  function draw(): void {
    stderr.write(`\r${cut(describe(), (stderr.columns ?? 80) - 1)}\u001B[K`);
  }

  function writeAbove(text: string): void {
    clear();
    void print(stderr, text);
  }

  function clear(): void {
    if (isAnimated) stderr.write('\r\u001B[K');
  }
}
