// Pings a monitor at the start and the end of a run. A failed ping is a warning and never changes how a run ends.
import type { Transport } from '../client/transport.ts';
import type { Context } from '../context.ts';
import { renderError } from '../terminal/render-error.ts';
import { print } from '../terminal/output.ts';

/** Runs between two pings; an error goes on up once the monitor has heard of it. */
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

const patience = 10_000;

/** Tells a monitor that a run starts, succeeded or failed: `URL/start`, `URL`, `URL/<exit code>`. Waits ten seconds at most. */
async function ping(url: string, event: 'start' | number, context: Context): Promise<void> {
  const target = addressOf(url, event);
  const giveUp = new AbortController();
  const done = new AbortController();
  let transport: Transport | undefined;
  void context.sleep(patience, done.signal).then(() => giveUp.abort());
  try {
    const { openTransport } = await import('../client/transport.ts');
    transport = openTransport({ connections: 1, env: context.env });
    const answer = await transport.fetch(target, { method: 'POST', redirect: 'manual', signal: giveUp.signal });
    await answer.body?.cancel();
    if (answer.status >= 300) await print(context.stderr, `warning: the monitor answered HTTP ${answer.status}`);
  } catch {
    await print(context.stderr, 'warning: the monitor could not be reached');
  } finally {
    done.abort();
    await transport?.close();
  }
}

/** The event is a part of the path: it goes before the query. */
function addressOf(url: string, event: 'start' | number): string {
  if (event === 0) return url;
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/${event}`;
  return target.href;
}
