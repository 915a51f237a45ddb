// post: one request to an address outside the API, such as a monitor or a chat, through the proxy. Addresses may hold secrets and are not printed.
import type { Transport } from '../../client/transport.ts';
import type { Context } from '../../context.ts';

/** Longest wait for an answer, in ms. */
const timeoutMs = 10_000;

/** Sends a POST, with a body as JSON, and returns the status; undefined when there was no answer within ten seconds. */
export async function post(url: string, body: string | undefined, context: Context): Promise<number | undefined> {
  const giveUp = new AbortController();
  const done = new AbortController();
  let transport: Transport | undefined;
  void context.sleep(timeoutMs, done.signal).then(() => giveUp.abort());
  try {
    const { openTransport } = await import('../../client/transport.ts');
    transport = openTransport({ connections: 1, env: context.env });
    const content = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
    const init = { method: 'POST', redirect: 'manual', signal: giveUp.signal, ...content } as const;
    const answer = await transport.fetch(url, init);
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  } finally {
    done.abort();
    await transport?.close();
  }
}
