// The order as a property: records that share one keep their order and never overlap.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubjectQueue } from '../../../src/run/subject-queue.ts';

const record = fc.record({
  subjects: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
  steps: fc.nat(3),
});

interface Span {
  readonly subjects: readonly string[];
  from: number;
  to: number;
}

async function play(records: readonly { subjects: string[]; steps: number }[]): Promise<Span[]> {
  const queue = new SubjectQueue();
  let now = 0;
  const spans: Span[] = records.map(({ subjects }) => ({ subjects, from: -1, to: -1 }));
  await Promise.all(
    records.map(async ({ subjects, steps }, at) => {
      const { turn, leave } = queue.acquire(subjects);
      await turn;
      const span = spans[at] as Span;
      span.from = now++;
      for (let step = 0; step < steps; step += 1) await new Promise(setImmediate);
      span.to = now++;
      leave();
    }),
  );
  expect(queue.size).toBe(0);
  return spans;
}

describe('a queue of subjects', () => {
  it('keeps the order of records that share a subject', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), async (records) => {
        const spans = await play(records);
        for (const [at, later] of spans.entries()) {
          const earlier = spans
            .slice(0, at)
            .filter(({ subjects }) => subjects.some((one) => later.subjects.includes(one)));
          for (const span of earlier) expect(span.to).toBeLessThan(later.from);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets records about different subjects overlap', async () => {
    const spans = await play([
      { subjects: ['a'], steps: 3 },
      { subjects: ['b'], steps: 3 },
    ]);
    expect(spans[1]?.from).toBeLessThan(spans[0]?.to as number);
  });
});
