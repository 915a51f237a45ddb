// Contradictions that show only once ids are known: the same person by e-mail in one row and by account id in another. The rules are the manifest's.
import { InputError } from '../errors.ts';
import { Judge } from '../manifest/checks/conflicts.ts';
import { type Overview, Tally } from '../manifest/checks/check-counts.ts';
import type { Planned } from './verdict.ts';

export class Contradictions {
  readonly #judge: Judge | undefined;
  readonly #tally = new Tally();

  /** Nothing is remembered when no two rows of the run can contradict each other. */
  constructor({ actions, mayBeRedated }: Overview) {
    this.#judge = Judge.for(actions, { dates: mayBeRedated });
  }

  add({ record, target, verdict }: Planned): void {
    if (this.#judge === undefined || verdict.verdict === 'skip') return;
    const { accountId, groupId } = target;
    const ids = { ...(accountId === undefined ? {} : { accountId }), ...(groupId === undefined ? {} : { groupId }) };
    const judged = this.#judge.judge({ kind: 'record', record: { ...record, fields: { ...record.fields, ...ids } } });
    if (judged.kind === 'invalid') this.#tally.add(judged);
  }

  /** Throws InputError with all that was found. */
  check(): void {
    if (this.#tally.report !== undefined) throw new InputError(this.#tally.report);
  }
}
