// What became of a manifest since the report's last run: rows added, removed, and changed (the same action on the same subject, otherwise).
import { hash } from 'node:crypto';
import { KeyTable } from '../keys.ts';
import type { JobRecord } from '../record.ts';
import type { RowEnd } from './events.ts';

/** Bits of the table's values: the place of a row's outcome, from 1, and whether the manifest of now has the row. */
export const outcomeBits = 63;
const met = 64;

/** Rows of a report by what they were about, in 9 bytes a slot; by key they stand in the table that is shared. */
export class Changes {
  readonly #rows: KeyTable;
  readonly #subjects = new KeyTable();
  #earlier = 0;
  #met = 0;
  #added = 0;
  #changed = 0;

  /** `rows` holds the outcome of every row of the report; it is marked in it whom the manifest still has. */
  constructor(rows: KeyTable) {
    this.#rows = rows;
  }

  /** A row of the report, before its outcome is in the table. */
  addEarlier(line: RowEnd): void {
    if ((this.#rows.get(line.key) & outcomeBits) === 0) this.#earlier += 1;
    if (line.action !== null) this.#subjects.set(subjectKey(line), 1);
  }

  /** A row of the manifest as it is now. */
  addNow({ key, action, fields }: JobRecord): void {
    const value = this.#rows.get(key);
    if ((value & outcomeBits) === 0) {
      const { accountId = null, email = null, groupId = null, groupName = null } = fields;
      const isKnown = this.#subjects.get(subjectKey({ action, accountId, email, groupId, groupName })) > 0;
      if (isKnown) this.#changed += 1;
      else this.#added += 1;
    } else if ((value & met) === 0) {
      this.#rows.set(key, value | met);
      this.#met += 1;
    }
  }

  /** The numbers, once all rows have been added. */
  done(): { readonly added: number; readonly removed: number; readonly changed: number } {
    const gone = this.#earlier - this.#met;
    return { added: this.#added, changed: this.#changed, removed: Math.max(0, gone - this.#changed) };
  }
}

type Subject = Pick<RowEnd, 'action' | 'accountId' | 'email' | 'groupId' | 'groupName'>;

/** E-mail and name before ids: a report holds ids that its manifest did not. */
function subjectKey({ action, accountId, email, groupId, groupName }: Subject): string {
  const parts = [action, email ?? accountId, groupName ?? groupId].map((part) => part?.toLowerCase() ?? '');
  return hash('sha256', parts.join('\n'), 'hex');
}
