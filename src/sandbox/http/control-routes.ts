// Control routes for tests and other tools: state, ledger and fault script under `/_sandbox`. Needs no key; the server listens on loopback only.
import { Hono } from 'hono';
import { InputError } from '../../errors.ts';
import { parseFaults, type Fault } from '../faults.ts';

export interface Controls {
  readonly state: () => unknown;
  readonly ledger: () => unknown;
  readonly setFaults: (faults: readonly Fault[]) => void;
}

/** Routes `GET /_sandbox/state`, `GET /_sandbox/ledger`, and `POST /_sandbox/faults` that replaces the script. */
export function openControl({ state, ledger, setFaults }: Controls): (request: Request) => Promise<Response> {
  const app = new Hono().basePath('/_sandbox');
  app.get('/state', (c) => c.json(state()));
  app.get('/ledger', (c) => c.json(ledger()));
  app.post('/faults', async (c) => {
    const faults = parseFaults(await c.req.json().catch(() => undefined), 'faults');
    setFaults(faults);
    return c.json({ faults: faults.length });
  });
  app.onError((error, c) => {
    if (!(error instanceof InputError)) throw error;
    return c.json({ message: error.message }, 400);
  });
  return async (request) => app.fetch(request);
}
