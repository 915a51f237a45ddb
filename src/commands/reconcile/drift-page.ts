// writePage: the differences as a page to read, mail and print.
import type { Context } from '../../context.ts';
import { writePageFile } from '../../page/page-file.ts';
import type { PageSection, PeoplePage } from '../../page/people-page.ts';
import { utcMinute } from '../../text/phrases.ts';
import { type Entry, type Section, tokenWords } from './drift-sections.ts';
import { basisOf, type Found } from './present-drift.ts';

/** Writes the page into a new file, or over a page of this command. */
export async function writePage(path: string, found: Found, context: Context): Promise<void> {
  const { renderPeoplePage } = await import('../../page/people-page.ts');
  await writePageFile(path, { kind: 'reconcile', parts: renderPeoplePage(pageOf(found, context)) }, context);
}

function pageOf(found: Found, { clock, version }: Context): PeoplePage {
  const { settings, sections, notes } = found;
  const { list, domains } = settings.reconcile;
  const lists = settings.run.manifests.join(', ');
  const now = clock.now();
  const [gone] = sections;
  return {
    isRehearsal: settings.run.sandbox !== false,
    eyebrow: `Reconciliation of ${lists}`,
    title: gone?.title ?? '',
    isGood: gone?.entries.length === 0,
    lead: [basisOf(found), ...notes],
    sections: sections.map(pageSection),
    facts: [
      ['Organization', settings.api.org],
      ['List', `${list}: ${lists}`],
      ...(list === 'staff' ? [['Domains', [...domains].join(', ') || 'none'] as const] : []),
      ['Compared', utcMinute(new Date(now).toISOString())],
    ],
    version,
    now,
  };
}

const mood = { left: 'failed', outside: 'skipped', withoutAccount: 'held', suspended: 'unknown' } as const;

interface PageColumn {
  readonly name: string;
  readonly text: (entry: Entry) => string | null;
}

const columns: readonly PageColumn[] = [
  { name: 'Person', text: ({ name, email, accountId }) => words([name, email ?? accountId]) },
  { name: 'Account', text: ({ status, admin }) => words([status, admin === true ? 'organization admin' : null]) },
  { name: 'API tokens', text: ({ apiTokens }) => (apiTokens === null ? null : tokenWords(apiTokens)) },
  { name: 'Last active', text: ({ lastActive }) => lastActive },
  { name: 'Reference', text: ({ reference }) => reference },
  { name: 'On the list', text: ({ place }) => place },
  { name: 'Proposed', text: ({ proposed }) => (proposed ? 'yes' : null) },
  { name: 'Note', text: ({ message }) => message },
];

/** A column that is empty in all rows is left out. */
function pageSection({ id, title, entries }: Section): PageSection {
  const rows = entries.map((entry) => columns.map(({ text }) => text(entry) ?? ''));
  const isFilled = (_: unknown, at: number) => rows.some((row) => row[at] !== '');
  const used = columns.filter(isFilled).map(({ name }) => name);
  return { id, title, mood: mood[id], columns: used, rows: rows.map((row) => row.filter(isFilled)) };
}

function words(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(', ');
}
