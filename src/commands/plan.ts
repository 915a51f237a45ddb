// `leavers plan`: what `run` would do and why, without doing it; `--out` saves it as a manifest with ids resolved.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { ManifestRow } from '../actions/action.ts';
import type { Context } from '../context.ts';
import { exitCodes, LeaversError } from '../errors.ts';
import { checkedBatches } from '../manifest/manifest.ts';
import { renderRow } from '../manifest/write.ts';
import type { Settings } from '../options.ts';
import type { Planned } from '../plan.ts';
import type { Past } from '../run/prepare.ts';
import type { Entry } from '../run/spool.ts';
import { openChecked, openPlan, type OpenPlan, openSet, type PlanRows, rowsOf } from './open.ts';
import { renderPlan } from './plantext.ts';
import { painter, print } from './screen.ts';
import { listen } from './signals.ts';

export interface PlanSettings extends Settings {
  readonly plan: { readonly out: string | undefined; readonly offline: boolean; readonly detailedExitcode: boolean };
}

const noPast: Past = { outcome: () => undefined, sentOnly: () => false };

/** Plans manifests and returns the exit code. */
export async function plan(given: PlanSettings, context: Context): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const signals = stack.use(listen(context, (signal) => context.exit(exitCodes[signal])));
  const { offline } = given.plan;
  const rows = offline ? await readOnce(given, context, stack) : await readTwice(given, context, stack);
  const out = given.plan.out === undefined ? undefined : openOut(given.plan.out);
  if (out !== undefined) stack.defer(() => out.close());
  const keep = (entry: Entry) => out?.add(entry);
  const planned = await openPlan(given, context, { rows, past: noPast, offline, signal: signals.stop, keep, stack });
  await show(planned, given, context);
  if (planned.refusals.length > 0) return exitCodes.refused;
  const pending = Object.values(planned.summary.toRun).some((count) => count > 0);
  return given.plan.detailedExitcode && pending ? exitCodes.pending : exitCodes.ok;
}

/** Before a call, and before anything is saved, every row is valid. */
async function readTwice(given: PlanSettings, context: Context, stack: AsyncDisposableStack): Promise<PlanRows> {
  return rowsOf(await openChecked(given, context, stack));
}

/** What only prints may find out on the way. */
async function readOnce(given: PlanSettings, context: Context, stack: AsyncDisposableStack): Promise<PlanRows> {
  if (given.plan.out !== undefined) return readTwice(given, context, stack);
  return { batches: checkedBatches(await openSet(given, context, stack), given.run), actions: [] };
}

async function show({ summary, refusals, settings }: OpenPlan, given: PlanSettings, context: Context): Promise<void> {
  if (given.run.json) return print(context.stdout, JSON.stringify({ ...summary, refusals }, null, 2));
  const paint = painter(context.stdout, context.env);
  await print(context.stdout, renderPlan({ summary, refusals, rate: settings.api.rate, paint }));
  const { out } = given.plan;
  const next = out === undefined ? given.run.manifests.join(' ') : out;
  if (summary.changes > 0) await print(context.stderr, `Next: leavers run ${next}`);
}

interface Out {
  add(entry: Entry): void;
  close(): void;
}

/** A new file for the rows to run; an existing one is never overwritten. */
function openOut(path: string): Out {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LeaversError(
      'report',
      `${path}: the plan can't be saved there (${code === 'EEXIST' ? 'it exists' : code}); name a new file`,
    );
  }
  return {
    add: (entry) => {
      if ('planned' in entry && isKept(entry.planned)) writeSync(fd, `${renderRow(rowOf(entry.planned))}\n`);
    },
    close: () => closeSync(fd),
  };
}

/** What a saved plan holds: what would run now, and what is not due yet. */
function isKept({ verdict }: Planned): boolean {
  return verdict.verdict === 'run' || verdict.verdict === 'held';
}

function rowOf({ record, target }: Planned): ManifestRow {
  const { groups: _, ...rest } = target;
  const { groups } = record.fields;
  return { action: record.action, ...rest, ...(groups === undefined ? {} : { groups }) };
}
