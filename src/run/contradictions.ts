// Contradictions that show only once ids are known: the same person by e-mail in one row and by account id in another. The rules are the manifest's.
import { InputError } from '../errors.ts';
import { Judge } from '../manifest/judge.ts';
import { Tally } from '../manifest/tally.ts';
import type { Planned } from '../plan.ts';
import type { ActionName } from '../record.ts';

export class Contradictions {
  readonly #judge: Judge | undefined;
  readonly #tally = new Tally();

  /** `actions` are those of the run; nothing is remembered when none of them can contradict another. */
  constructor(actions: readonly ActionName[]) {
    this.#judge = Judge.for(actions);
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
