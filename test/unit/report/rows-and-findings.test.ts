// Which findings count: those that stand behind the last line of their row.
import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../../src/report/events.ts';
import { lastRows, lastRowsAndFindings } from '../../../src/report/read/report-set.ts';

/** Lines in short: `row a`, `verification a`. */
function reports(...lines: readonly string[]) {
  const read = async function* () {
    for (const [at, line] of lines.entries()) {
      const [event, key] = line.split(' ');
      yield { event, key, seq: at } as unknown as ReportLine;
    }
  };
  return { lines: read };
}

const places = async (all: AsyncIterable<{ readonly seq: number }>) =>
  (await Array.fromAsync(all)).map(({ seq }) => seq);

describe('the findings about a row', () => {
  it('count behind its last line, in their order', async () => {
    const all = reports('row a', 'row b', 'verification a', 'verification b', 'verification a');
    expect(await places(lastRowsAndFindings(all))).toEqual([0, 1, 2, 3, 4]);
  });

  it('are forgotten when the row was run once more', async () => {
    const all = reports('row a', 'verification a', 'run-end', 'row a', 'verification a');
    expect(await places(lastRowsAndFindings(all))).toEqual([3, 4]);
  });

  it('are left out where only rows are wanted, and where there is no row', async () => {
    const all = reports('verification x', 'row a', 'verification a', 'verification x');
    expect([await places(lastRows(all)), await places(lastRowsAndFindings(all))]).toEqual([[1], [1, 2]]);
  });
});
