// renderDrift: the differences as text for a terminal, each class with its first people.
import type { Paint } from '../../text/style.ts';
import { statusWords } from '../../text/account-words.ts';
import { neutralize } from '../../text/sanitize.ts';
import { type Entry, type Section, tokenWords } from './drift-sections.ts';

export interface DriftText {
  readonly sections: readonly Section[];
  readonly isRehearsal: boolean;
  /** The API lists a part of the accounts. */
  readonly isPartial: boolean;
  /** A sentence about the list and the directory. */
  readonly basis: string;
  /** Notes about guards and the API. */
  readonly notes: readonly string[];
  readonly paint: Paint;
}

/** People of a class that are shown by name. */
const shown = 50;

/** The lines, without a line end after the last. */
export function renderDrift({ sections, isRehearsal, isPartial, basis, notes, paint }: DriftText): string {
  const drift = sections.filter(({ isDrift, entries }) => isDrift && entries.length > 0);
  const agreement = isPartial ? 'List and directory agree, as far as this API shows it.' : 'List and directory agree.';
  const closing = drift.length === 0 ? agreement : 'List and directory differ.';
  return [
    ...(isRehearsal ? [paint('yellow', 'REHEARSAL on the simulated organization.')] : []),
    basis,
    ...sections.flatMap((section) => renderSection(section, paint)),
    ...notes.map((note) => paint('yellow', neutralize(`  note: ${note}`))),
    paint('bold', closing),
  ].join('\n');
}

function renderSection({ id, title, entries, isDrift }: Section, paint: Paint): string[] {
  const style = entries.length === 0 || !isDrift ? 'dim' : id === 'left' ? 'red' : 'yellow';
  const more = entries.length - shown;
  return [
    paint(style, title),
    ...entries.slice(0, shown).map((entry) => `    ${line(entry)}`),
    ...(more > 0 ? [paint('dim', `    and ${more} more; --json and --html list them all`)] : []),
  ];
}

/** `Ada Lovelace <ada@example.com>, organization admin, last active 2026-10-02 (HR-7, staff.csv:7)`. */
function line(entry: Entry): string {
  const { name, email, accountId, status, admin, apiTokens, lastActive, reference, place, message } = entry;
  const address = email ?? accountId ?? '';
  const parts = [
    name === null ? address : `${name} <${address}>`,
    ...(status === null || status === 'active' ? [] : [statusWords(status)]),
    ...(admin === true ? ['organization admin'] : []),
    ...(apiTokens === null || apiTokens.length === 0 ? [] : [tokenWords(apiTokens)]),
    ...(lastActive === null ? [] : [`last active ${lastActive}`]),
  ];
  const from = [reference, place].filter((each) => each !== null).join(', ');
  const why = message === null ? '' : `: ${message}`;
  return neutralize(`${parts.join(', ')}${from === '' ? '' : ` (${from})`}${why}`);
}
