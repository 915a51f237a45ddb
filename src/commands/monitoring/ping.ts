// Pings a monitor at the start and the end of a run. A failed ping is a warning and never changes how a run ends.
import type { Context } from '../../context.ts';
import { renderError } from '../../terminal/render-error.ts';
import { print } from '../../terminal/output.ts';
import { post } from './webhook.ts';

/** Runs between two pings. An error is rethrown after its ping. */
export async function withPings(url: string, run: () => Promise<number>, context: Context): Promise<number> {
  await ping(url, 'start', context);
  try {
    const code = await run();
    await ping(url, code, context);
    return code;
  } catch (error) {
    await ping(url, renderError(error, { verbose: false, json: false, masks: [] }, context).code, context);
    throw error;
  }
}

/** Signals start, success or failure to a monitor: `URL/start`, `URL`, `URL/<exit code>`. */
async function ping(url: string, event: 'start' | number, context: Context): Promise<void> {
  const status = await post(addressOf(url, event), undefined, context);
  if (status === undefined) await print(context.stderr, 'warning: the monitor could not be reached');
  else if (status >= 300) await print(context.stderr, `warning: the monitor answered HTTP ${status}`);
}

/** The event is a part of the path: it goes before the query. */
function addressOf(url: string, event: 'start' | number): string {
  if (event === 0) return url;
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/${event}`;
  return target.href;
}
