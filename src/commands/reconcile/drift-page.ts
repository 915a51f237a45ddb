// writePage: the differences as a page to read, mail and print.
import type { Context } from '../../context.ts';
import { writePageFile } from '../../page/page-file.ts';
import type { PageSection, PeoplePage } from '../../page/people-page.ts';
import { statusWords } from '../../text/account-words.ts';
import { organizationWords, utcMinute } from '../../text/phrases.ts';
import { type Entry, type Section, tokenWords } from './drift-sections.ts';
import { basisOf, type Comparison } from './present-drift.ts';

/** Writes the page into a new file, or over a page of this command. */
export async function writePage(path: string, found: Comparison, context: Context): Promise<void> {
  const { renderPeoplePage } = await import('../../page/people-page.ts');
  await writePageFile(path, { kind: 'reconcile', parts: renderPeoplePage(pageOf(found, context)) }, context);
}

function pageOf(found: Comparison, { clock, version }: Context): PeoplePage {
  const { settings, sections, notes } = found;
  const { list, domains } = settings.reconcile;
  const lists = settings.run.manifests.join(', ');
  const now = clock.now();
  const headline = headlineOf(sections);
  return {
    isRehearsal: settings.run.sandbox !== false,
    eyebrow: `${settings.api.orgName ?? `Organization ${settings.api.org}`} · reconciliation of ${lists}`,
    title:
      headline?.title ??
      (found.isPartial ? 'List and directory agree, as far as this API shows it' : 'List and directory agree'),
    mood: headline === undefined ? 'good' : headline.id === 'left' ? 'bad' : 'warn',
    lead: [basisOf(found), ...notes],
    sections: sections.map(pageSection),
    facts: [
      ['Organization', organizationWords(settings.api.orgName, settings.api.org)],
      ['List', `${list}: ${lists}`],
      ...(list === 'staff' ? [['Domains', [...domains].join(', ') || 'none'] as const] : []),
      ['Compared', utcMinute(new Date(now).toISOString())],
    ],
    version,
    now,
  };
}

/** The most important difference; undefined when list and directory agree. */
function headlineOf(sections: readonly Section[]): Section | undefined {
  return sections.find(({ isDrift, entries }) => isDrift && entries.length > 0);
}

const mood = { left: 'failed', outside: 'skipped', withoutAccount: 'held', suspended: 'unknown' } as const;

interface PageColumn {
  readonly name: string;
  readonly text: (entry: Entry) => string | null;
}

const columns: readonly PageColumn[] = [
  { name: 'Person', text: ({ name, email, accountId }) => words([name, email ?? accountId]) },
  {
    name: 'Account',
    text: ({ status, admin }) =>
      words([status === null ? null : statusWords(status), admin === true ? 'organization admin' : null]),
  },
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
