// `ConflictsById`: conflicts that appear only once ids are known - one person by e-mail in one row, by account id in another.
import { InputError } from '../errors.ts';
import { ConflictDetector } from '../manifest/checks/conflicts.ts';
import { type RowsOverview, CheckCounts } from '../manifest/checks/check-counts.ts';
import type { PlannedRecord } from './verdict.ts';

export class ConflictsById {
  readonly #detector: ConflictDetector | undefined;
  readonly #tally = new CheckCounts();

  /** Keeps no state if no two rows of the run can contradict each other. `now` is epoch ms. */
  constructor({ actions, mayBeRedated }: RowsOverview, now: number) {
    this.#detector = ConflictDetector.for(actions, { dates: mayBeRedated, now });
  }

  add({ record, target, verdict }: PlannedRecord): void {
    if (this.#detector === undefined || verdict.verdict === 'skip') return;
    const { accountId, groupId } = target;
    const ids = { ...(accountId === undefined ? {} : { accountId }), ...(groupId === undefined ? {} : { groupId }) };
    const checked = this.#detector.check({
      kind: 'record',
      record: { ...record, fields: { ...record.fields, ...ids } },
    });
    if (checked.kind === 'invalid') this.#tally.add(checked);
  }

  /** Throws InputError that lists all conflicts. */
  check(): void {
    if (this.#tally.report !== undefined) throw new InputError(this.#tally.report);
  }
}
