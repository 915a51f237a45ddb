// ManifestDiff: rows added to a manifest since the report's last run, rows removed, and rows changed (same action and subject, other values).
import { hash } from 'node:crypto';
import { KeyTable } from '../../storage/key-table.ts';
import type { JobRecord } from '../../model.ts';
import type { ReportLine, RowEnd } from '../events.ts';
import { dateOf, met, outcomeOf, renewal } from './row-state.ts';

export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Completed rows whose date is now well after the day of completion, so they count as new. */
  readonly renewed: number;
  /** Completed rows whose date is shortly after the day of completion, so they count as the same row. */
  readonly close: number;
}

export class ManifestDiff {
  readonly #rows: KeyTable;
  /** The subjects of added rows. */
  readonly #subjects = new KeyTable();
  #met = 0;
  #added = 0;
  readonly #dates = { renewed: 0, close: 0, none: 0 };

  /** `rows` has the state of every row of the report; rows that the manifest still has are marked in it. */
  constructor(rows: KeyTable) {
    this.#rows = rows;
  }

  /** Adds a row of the current manifest. */
  addNow(record: JobRecord): void {
    if (this.#rows.size === 0) return;
    const { key, action, fields } = record;
    const state = this.#rows.get(key);
    if (outcomeOf(state) === undefined) {
      const { accountId = null, email = null, groupId = null, groupName = null } = fields;
      this.#subjects.set(subjectKey({ action, accountId, email, groupId, groupName }), 1);
      this.#added += 1;
    } else if ((state & met) === 0) {
      this.#rows.set(key, state | met);
      this.#met += 1;
      this.#dates[renewal(state, dateOf(record))] += 1;
    }
  }

  /**
   * The counts, after all rows were added. `earlier`: number of rows in the report. `read` reads the report again, which is needed only
   * when rows were both added and removed: these may be changed rows.
   */
  async done(earlier: number, read: () => AsyncIterable<readonly ReportLine[]>): Promise<ChangeCounts> {
    const removed = Math.max(0, earlier - this.#met);
    const changed = removed === 0 || this.#added === 0 ? 0 : await this.#countChanged(read());
    const { renewed, close } = this.#dates;
    return { added: this.#added - changed, removed: removed - changed, changed, renewed, close };
  }

  async #countChanged(report: AsyncIterable<readonly ReportLine[]>): Promise<number> {
    let changed = 0;
    for await (const lines of report)
      for (const line of lines) {
        if (line.event !== 'row' || (this.#rows.get(line.key) & met) !== 0) continue;
        this.#rows.set(line.key, this.#rows.get(line.key) | met);
        if (changed < this.#added && this.#subjects.get(subjectKey(line)) > 0) changed += 1;
      }
    return changed;
  }
}

type Subject = Pick<RowEnd, 'action' | 'accountId' | 'email' | 'groupId' | 'groupName'>;

/** E-mail and name go before ids, because a report has ids that the manifest did not have. */
function subjectKey({ action, accountId, email, groupId, groupName }: Subject): string {
  const parts = [action, email ?? accountId, groupName ?? groupId].map((part) => part?.toLowerCase() ?? '');
  return hash('sha256', parts.join('\n'), 'hex');
}
