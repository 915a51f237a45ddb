// Order per subject: records about the same person or group run one after the other, all others side by side.

/** Chains of records by subject; a subject without open records takes no memory. */
export class SubjectQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** How many subjects have open records. */
  get size(): number {
    return this.#tails.size;
  }

  /** Resolves when all earlier records of these subjects have left; call what it resolves to when this one is finished. */
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
