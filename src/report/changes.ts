// What became of a manifest since the report's last run: rows added, removed, and changed (the same action on the same subject, otherwise).
import { createHash } from 'node:crypto';
import { KeyTable } from '../keys.ts';
import type { JobRecord } from '../record.ts';
import type { RowEnd } from './events.ts';

/** Rows of a report by key and by what they were about; 26 bytes a row. */
export class Changes {
  readonly #keys = new KeyTable();
  readonly #subjects = new KeyTable();
  #met = 0;
  #added = 0;
  #changed = 0;

  /** A row of the report. */
  addEarlier(line: RowEnd): void {
    if (this.#keys.get(line.key) === 0) this.#keys.set(line.key, earlier);
    if (line.action !== null) this.#subjects.set(subjectKey(line), earlier);
  }

  /** A row of the manifest as it is now. */
  addNow({ key, action, fields }: JobRecord): void {
    if (this.#keys.get(key) === earlier) {
      this.#keys.set(key, met);
      this.#met += 1;
    } else if (this.#keys.get(key) === 0) {
      const { accountId = null, email = null, groupId = null, groupName = null } = fields;
      const isKnown = this.#subjects.get(subjectKey({ action, accountId, email, groupId, groupName })) > 0;
      if (isKnown) this.#changed += 1;
      else this.#added += 1;
    }
  }

  /** The numbers, once all rows have been added. */
  done(): { readonly added: number; readonly removed: number; readonly changed: number } {
    const gone = this.#keys.size - this.#met;
    return { added: this.#added, changed: this.#changed, removed: Math.max(0, gone - this.#changed) };
  }
}

const [earlier, met] = [1, 2];

type Subject = Pick<RowEnd, 'action' | 'accountId' | 'email' | 'groupId' | 'groupName'>;

/** E-mail and name before ids: a report holds ids that its manifest did not. */
function subjectKey({ action, accountId, email, groupId, groupName }: Subject): string {
  const parts = [action, email ?? accountId, groupName ?? groupId].map((part) => part?.toLowerCase() ?? '');
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
