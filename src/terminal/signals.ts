// SIGHUP, SIGINT and SIGTERM in two stages: the first lets calls in progress finish, the second ends the process at once.
import type { Context, SignalName } from '../context.ts';
import { openStatusLine } from './output.ts';

export interface Signals extends Disposable {
  /** Aborted by the first signal, with its name as the reason. */
  readonly stop: AbortSignal;
  readonly first: () => SignalName | undefined;
  /** True while calls may be in progress; decides the message of the first signal. */
  running: boolean;
}

/** Listens until disposed. `now` is called at the second signal and ends the process. */
export function listenForSignals(
  context: Context,
  now: (signal: SignalName) => void,
  statusLine = openStatusLine(context),
): Signals {
  const controller = new AbortController();
  let first: SignalName | undefined;
  const off = context.onSignal((signal) => {
    if (first !== undefined) return now(signal);
    first = signal;
    statusLine.write(
      signals.running
        ? `${signal}: finishing calls in progress (10 s at most); ${signal === 'SIGINT' ? 'press Ctrl-C again' : 'send it again'} to stop now`
        : `${signal}: stopping; nothing was sent`,
    );
    controller.abort(signal);
  });
  const signals = { stop: controller.signal, first: () => first, running: false, [Symbol.dispose]: off };
  return signals;
}
