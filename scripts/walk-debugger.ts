// Worker of walk.ts: debugs the main thread, and notes each entry into a function and the function that called it.
import { once } from 'node:events';
import { type Debugger, Session } from 'node:inspector/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { EnteredFunction, Step } from './walk.ts';

const port = parentPort;
if (port === null) throw new Error('walk-debugger.ts runs as a worker of walk.ts');
const session = new Session();
const functionsByBreakpoint = new Map<string, EnteredFunction>();
const urls = new Map<string, string>();
const steps: Step[] = [];

session.connectToMainThread();
session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => urls.set(scriptId, url));
session.on('Debugger.paused', ({ params }) => {
  note(params);
  void session.post('Debugger.resume');
});

function note({ callFrames: [current, caller], hitBreakpoints = [] }: Debugger.PausedEventDataType): void {
  for (const id of hitBreakpoints) {
    const entered = functionsByBreakpoint.get(id);
    // Where a function is defined by an arrow, the breakpoint stands on its definition.
    if (entered !== undefined && entered.name === current?.functionName)
      steps.push({ ...entered, callerUrl: urls.get(caller?.location.scriptId ?? '') });
  }
}

const ended = once(port, 'message');
await session.post('Debugger.enable');
for (const entered of workerData as readonly EnteredFunction[]) {
  const { url, lineNumber, columnNumber } = entered;
  const { breakpointId } = await session.post('Debugger.setBreakpointByUrl', { url, lineNumber, columnNumber });
  functionsByBreakpoint.set(breakpointId, entered);
}
port.postMessage('ready');
await ended;
port.postMessage(steps);
