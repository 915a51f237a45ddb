// writePlanPage: a plan as a page for the person who approves it.
import type { Context } from '../../context.ts';
import { writePageFile } from '../../page/page-file.ts';
import type { PlanPageSource } from '../../plan/page/plan-page.ts';
import type { PlanEntry } from '../../plan/plan-entry.ts';
import type { Spool } from '../../storage/spool.ts';
import { manyGrouped } from '../../text/phrases.ts';
import { outputFormat } from '../../storage/tables/output-format.ts';
import { quote, runCommand } from '../next-command.ts';
import type { PlannedRun } from '../plan-manifests.ts';

export interface PlanToShow {
  readonly planned: PlannedRun;
  readonly spool: Spool<PlanEntry>;
  /** Where the plan was saved, and its hash when it is bound. */
  readonly saved: { readonly path: string; readonly sha256: string | undefined } | undefined;
}

/** Writes the page into a new file, or over a page of this command. */
export async function writePlanPage(path: string, plan: PlanToShow, context: Context): Promise<void> {
  const { renderPlanPage } = await import('../../plan/page/plan-page.ts');
  await writePageFile(path, { kind: 'plan', parts: renderPlanPage(sourceOf(plan, context)) }, context);
}

function sourceOf({ planned, spool, saved }: PlanToShow, { clock, version }: Context): PlanPageSource {
  const { summary, refusals, unmatchedGuards, settings, organization } = planned;
  return {
    summary,
    refusals,
    unmatchedGuards,
    entries: () => spool.entries(),
    accepted: settings.guards.accept,
    rate: settings.api.rate,
    prices: settings.prices,
    rehearsal: settings.run.sandbox !== false,
    organization:
      organization === undefined
        ? 'Made offline; nobody was looked up'
        : (settings.api.orgName ?? `Organization ${settings.api.org}`),
    paths: settings.run.manifests,
    details: detailsOf({ planned, saved }),
    version,
    now: clock.now(),
  };
}

function detailsOf({ planned, saved }: Pick<PlanToShow, 'planned' | 'saved'>): PlanPageSource['details'] {
  const { settings, organization, summary, refusals } = planned;
  const address = organization?.directory.address;
  const { guards, run, api } = settings;
  const where = address?.generation === 'v2' ? `, directory ${address.directory}` : '';
  const plan = saved?.path ?? '';
  const isReady = summary.changes > 0 && refusals.length === 0;
  const isBound = saved !== undefined && outputFormat(saved.path) === 'json';
  return [
    ['By', guards.operator],
    ...(address === undefined
      ? []
      : [
          [
            'Organization',
            `${api.orgName === undefined ? '' : `${api.orgName}, `}${api.org}, API ${address.generation}${where}`,
          ] as const,
        ]),
    ['Manifests', run.manifests.join(', ')],
    ['Rows', manyGrouped(summary.rows, 'row')],
    ...(run.job === undefined ? [] : [['Job', run.job] as const]),
    ['Allowed', guards.allow.length === 0 ? 'only what can be undone' : guards.allow.join(', ')],
    ...(saved === undefined ? [] : [['Saved as', plan] as const]),
    ...(saved?.sha256 === undefined ? [] : [['Plan hash', `sha256:${saved.sha256}`] as const]),
    ...(isReady && isBound
      ? [['Approve', `leavers approve ${quote(plan)} --key KEY --as E-MAIL`, 'command'] as const]
      : []),
    ...(isReady ? [['Run', runCommand(settings, saved?.path), 'command'] as const] : []),
  ];
}
