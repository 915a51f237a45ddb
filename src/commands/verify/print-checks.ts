// Renders the checks of `verify --live` and `--audit-log`, as text and as JSON.
import { many } from '../../text/phrases.ts';
import { sealOf } from '../../report/hash-chain.ts';
import { type AuditCheck, keptEvent } from './audit-check.ts';
import type { LiveCounts, OrganizationCheck } from './check-organization.ts';
import type { Change } from './match-events.ts';

/** Most changes to list; JSON has all. */
const shown = 20;
/** Events show late. Within this time, a missing event may still come. */
const lateMs = 3_600_000;

/** The checks as lines of text. `now` is epoch ms. */
export function renderChecks({ live, audit }: OrganizationCheck, now: number): string[] {
  return [...(live === undefined ? [] : renderLive(live)), ...(audit === undefined ? [] : renderAudit(audit, now))];
}

/** One line for each report that findings were written to. */
export function renderRecorded({ recorded }: OrganizationCheck): string[] {
  return recorded.map(
    ({ path, findings, head }) =>
      `${many(findings, 'finding was', 'findings were')} appended to ${path}; its seal holds as before, and ${sealOf(head)} covers the findings too`,
  );
}

function renderLive({ as, untold, differing }: LiveCounts): string[] {
  return [
    ...differing.map(
      ({ seen, ...each }) =>
        `${nameOf(each)}: not in the state that the report claims${seen === null ? '' : ` (now: ${seen})`}`,
    ),
    `${many(as, 'row is', 'rows are')} as the report says, ${differing.length} ${differing.length === 1 ? 'is' : 'are'} not, ${untold} can't be checked by reading.`,
  ];
}

function renderAudit({ confirmed, byOthers, notFound, expired, unnamed, actors }: AuditCheck, now: number): string[] {
  const actorList = [...actors].map(([actor, count]) => `${actor}: ${count}`).join(', ');
  return [
    ...limited(byOthers, (change) => {
      const event = change.event === undefined ? undefined : keptEvent(change.event);
      return `${nameOf(change)}: by another actor, ${event?.actor} (event ${event?.id} at ${event?.time})`;
    }),
    ...limited(notFound, (change) => {
      const yet = now - change.endedAt < lateMs ? ' yet; events show late, so verify again later' : '';
      const { similar } = change;
      const other = similar === undefined ? '' : `; a similar event is ${similar.action} (event ${similar.id})`;
      return `${nameOf(change)}: not found in the audit log${yet}${other}`;
    }),
    ...unnamed.map((action) => `the organization has no kind of event for ${action}, so its changes can't be found`),
    ...(expired === 0
      ? []
      : [`${many(expired, 'change is', 'changes are')} older than the audit log, which keeps 180 days`]),
    `${many(confirmed.length, 'change')} confirmed by the audit log, ${byOthers.length} by another actor, ${notFound.length} not found.`,
    ...(actors.size === 0 ? [] : [`Actors: ${actorList}`]),
  ];
}

function limited(changes: readonly Change[], render: (change: Change) => string): string[] {
  const rest = changes.length - shown;
  return [...changes.slice(0, shown).map(render), ...(rest > 0 ? [`and ${rest} more; --json lists them all`] : [])];
}

function nameOf({
  file,
  line,
  action,
  who,
}: Pick<Change, 'file' | 'line' | 'who'> & { action: string | null }): string {
  return `${file}:${line}: ${action} ${who}`;
}

/** The same for programs. */
export function checksJson({ live, audit, recorded }: OrganizationCheck): object {
  return {
    ...(live === undefined ? {} : { live }),
    ...(audit === undefined ? {} : { audit: auditJson(audit) }),
    ...(recorded.length === 0 ? {} : { recorded }),
  };
}

function auditJson({ confirmed, byOthers, notFound, expired, unnamed, actors }: AuditCheck): object {
  const of = (changes: readonly Change[]) =>
    changes.map(({ row, action, who, event }) => ({
      row,
      action,
      who,
      ...(event === undefined ? {} : { event: keptEvent(event) }),
    }));
  return {
    confirmed: of(confirmed),
    byOthers: of(byOthers),
    notFound: of(notFound),
    expired,
    unnamed,
    actors: Object.fromEntries(actors),
  };
}
