// What a test can leave in its process for the next one: open handles and files, listeners, variables, and replaced globals.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { desk } from './desk.ts';

type State = ReadonlyMap<string, unknown>;

/** Each thing by its name: how many there are of it, or what it is. */
export function processState(): State {
  const { setTimeout, clearTimeout, setInterval, setImmediate, Date, fetch } = globalThis;
  const globals = { setTimeout, clearTimeout, setInterval, setImmediate, Date, fetch, 'Math.random': Math.random };
  const { env, exitCode } = process;
  return new Map<string, unknown>([
    ...countsOf([...openHandles(), ...openFiles()]),
    ...process.eventNames().map((name) => [`listener of ${String(name)}`, process.listenerCount(name)] as const),
    ...Object.entries(env).map(([name, value]) => [`variable ${name}`, value] as const),
    ...Object.entries(globals).map(([name, value]) => [`global ${name}`, value] as const),
    ['working directory', process.cwd()],
    ['exit code', String(exitCode)],
  ]);
}

/** Handles that keep this process alive: sockets, servers, children, watchers and timers. */
export const openHandles = () =>
  process.getActiveResourcesInfo().filter((name) => /^(TCP|Process|FSEvent|Timeout)/.test(name));

/** Files of the test that this process still has open. */
export function openFiles(): string[] {
  // Linux lists them; elsewhere only handles are checked.
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(desk) ? [target] : [];
    } catch {
      return [];
    }
  });
}

const countsOf = (names: readonly string[]) =>
  Object.entries(Object.groupBy(names, (name) => name)).map(([name, all = []]) => [name, all.length] as const);

/** Names of what is more, or other, than it was before. */
export function changesSince(before: State): string[] {
  const now = processState();
  return [...new Set([...before.keys(), ...now.keys()])].filter((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    return typeof (is ?? was) === 'number' ? Number(is ?? 0) > Number(was ?? 0) : is !== was;
  });
}

/** Throws when something is left; closing takes a few turns of the event loop, so it waits up to two seconds. */
export async function refuseChanges(before: State): Promise<void> {
  for (let turn = 0; turn < 200 && changesSince(before).length > 0; turn += 1) await pause(10);
  const left = changesSince(before);
  if (left.length > 0) throw new Error(`left open or changed: ${left.join(', ')}`);
}
