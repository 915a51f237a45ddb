// `leavers sandbox`: serves the simulated organization on a local port until a signal ends it.
import acme from '../../../samples/org.json' with { type: 'json' };
import type { Context, SignalName } from '../../context.ts';
import { exitCodes } from '../../errors.ts';
import { parseFaults } from '../../sandbox/faults.ts';
import { openSandbox, parseOrgState, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { serveSandbox } from '../../sandbox/http/server.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { Call } from '../command.ts';
import { readState } from '../../session/embedded.ts';
import { print, printData } from '../../terminal/output.ts';

/** Serves until SIGINT or SIGTERM and returns its exit code. Prints the environment variables for clients to stdout, ready for `eval`. */
export async function sandbox(call: Call): Promise<number> {
  const { args: words, flag: look, context } = call;
  const [path] = words.positionals;
  const state = parseOrgState(path === undefined ? acme : await readState(path), path ?? 'the built-in organization');
  const organization = openSandbox(state, await optionsOf(call));
  const served = await serveSandbox(organization, { port: look('port') });
  const ended = awaitSignal(context);
  const { name, id } = state.org;
  await printData(
    context.stdout,
    [
      `export ATLASSIAN_API_URL=${served.url}`,
      `export ATLASSIAN_ORG_ID=${id}`,
      'export ATLASSIAN_API_KEY=sandbox',
    ].join('\n'),
  );
  if (!look('quiet'))
    await print(
      context.stderr,
      `${neutralize(name)}: ${state.people.length} people and ${state.groups.length} groups at ${served.url}; press Ctrl-C to stop it; nothing is saved`,
    );
  const signal = await ended;
  await served.close();
  return exitCodes[signal];
}

const faultFile = { name: 'list of faults', hint: 'give one like [{"match": {"path": "suspend"}, "kind": "status"}]' };

async function optionsOf({ flag: look, context }: Call): Promise<SandboxOptions> {
  const [faults, rate] = [look('faults'), look('rate-limit')];
  const [effectDelayMs, deletionDelayMs] = [look('effect-delay'), look('deletion-delay')];
  return {
    clock: context.clock,
    sleep: (ms) => context.sleep(ms),
    generations: look('generations'),
    ...(effectDelayMs === undefined ? {} : { effectDelayMs }),
    ...(deletionDelayMs === undefined ? {} : { deletionDelayMs }),
    ...(rate === undefined ? {} : { rate: { limit: rate.count, windowMs: rate.perMs } }),
    ...(faults === undefined ? {} : { faults: parseFaults(await readState(faults, faultFile), faults) }),
  };
}

function awaitSignal(context: Context): Promise<SignalName> {
  return new Promise((resolve) => {
    const off = context.onSignal((signal) => {
      off();
      resolve(signal);
    });
  });
}
