// Guards against an empty or truncated list, which would look as if everybody had left. They throw LeaversError `refused`.
import type { GuardSettings } from '../../config/settings.ts';
import { LeaversError } from '../../errors.ts';
import { neutralize } from '../../text/sanitize.ts';
import type { DomainCount, Drift } from './compare-people.ts';
import type { PeopleList } from './people-list.ts';

/** A percentage of rows needs an earlier run to compare with. */
export function refusePercentOfRun({ minRows }: Pick<GuardSettings, 'minRows'>): void {
  if (minRows === undefined || 'count' in minRows) return;
  const message = `--min-rows ${minRows.percent}% compares with the last run of a report, and reconcile has no report; give a number`;
  throw new LeaversError('config', message);
}

/** With an empty list of staff, everybody would seem to have left. */
export function refuseEmptyStaff({ people }: PeopleList): void {
  if (people.length > 0) return;
  throw new LeaversError('refused', 'refused: the list of staff is empty; check that the export is complete');
}

/** Protected people that are named. */
const maxNamed = 5;

/** Number of people of one domain who may leave at a time, whatever their share. */
const alwaysAllowed = 5;

/** Refuses a list without the protected people, or one by which too many people of the directory or of a domain have left. */
export function refuseCutList(drift: Drift, guards: GuardSettings): void {
  const { missing, left, people, byDomain } = drift;
  if (missing.length > 0) {
    const names = missing
      .slice(0, maxNamed)
      .map(({ person, kept }) => `${person.email ?? person.accountId} (${kept.message})`);
    const more = missing.length > maxNamed ? ` and ${missing.length - maxNamed} more` : '';
    refuse(
      `refused: the list of staff lacks ${names.join(', ')}${more}; check that it is complete, and put people whom HR does not list into a second file`,
    );
  }
  const { maxChanges: limit } = guards;
  const share = `${left.length} of ${people} people seem to have left`;
  const check = 'check that the list is complete, or raise the limit';
  if ('count' in limit && left.length > limit.count)
    refuse(`refused: ${share}, but --max-changes is ${limit.count}; ${check}`);
  if ('percent' in limit && left.length * 100 > limit.percent * people)
    refuse(`refused: ${share}, more than ${limit.percent}% (--max-changes); ${check}`);
  if ('percent' in limit) for (const each of byDomain) refuseCutDomain(each, limit.percent);
}

/** A directory with many guests would hide that a list misses most of a domain. */
function refuseCutDomain([domain, { people, left }]: readonly [string, DomainCount], percent: number): void {
  if (left <= alwaysAllowed || left * 100 <= percent * people) return;
  refuse(
    `refused: ${left} of ${people} people at ${domain} seem to have left, more than ${percent}% (--max-changes); check that the list is complete, or give --max-changes as a number`,
  );
}

function refuse(message: string): never {
  throw new LeaversError('refused', neutralize(message));
}
