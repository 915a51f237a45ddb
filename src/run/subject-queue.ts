// SubjectQueue: records about the same person or group run in order, all others in parallel.
import { foldName } from '../model.ts';
import type { PlannedRecord } from '../plan/verdict.ts';

/** The person and the group a record is about. Each has one key by name and one by id, as soon as both are known. */
export function subjectsOf({ record, target }: PlannedRecord): string[] {
  const { fields } = record;
  const people = [target.accountId, fields.email].filter((name) => name !== undefined).map((name) => `person ${name}`);
  const groups = [fields.groupName, ...(fields.groups ?? []), target.groupId, ...(target.groups ?? [])];
  const named = groups.filter((name) => name !== undefined).map((name) => `group ${foldName(name)}`);
  return [...new Set([...people, ...named])];
}

/** The last open record of each subject; a subject without open records takes no memory. */
export class SubjectQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Number of subjects with open records. */
  get size(): number {
    return this.#tails.size;
  }

  /** `turn` resolves when all earlier records of these subjects are finished. Call `leave` when this record is finished. */
  acquire(subjects: readonly string[]): { readonly turn: Promise<unknown>; readonly leave: () => void } {
    const before = subjects.flatMap((subject) => this.#tails.get(subject) ?? []);
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const subject of subjects) this.#tails.set(subject, promise);
    const leave = () => {
      for (const subject of subjects) if (this.#tails.get(subject) === promise) this.#tails.delete(subject);
      resolve();
    };
    return { turn: Promise.all(before), leave };
  }
}
