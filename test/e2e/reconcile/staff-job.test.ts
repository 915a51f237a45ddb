// The shipped job staff-reconciliation over its sample: the differences, the manifest of those who left, and its run.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { outcomesOf, path } from '../../support/scenario.ts';
import { root } from '../../support/spawn.ts';

const sandbox = ['--sandbox', '--rate', 'none'];

describe('staff-reconciliation', () => {
  it('finds who left in the sample, and the manifest suspends them', async () => {
    const [out, report] = [path('gone.csv'), path('r.ndjson')];
    const args = ['reconcile', join(root, 'samples', 'staff.csv'), '--job', 'staff-reconciliation', ...sandbox];
    const { code, stdout } = await leavers([...args, '--domains', 'example.com', '--out', out]);
    const people = (stdout.match(/<?([\w.]+@[\w.]+)/g) ?? []).map((each) => each.replace('<', ''));
    const [left, outside] = [
      ['olga.petrova', 'noah'],
      ['hiro', 'freelancer'],
    ];
    const named = [...left, ...outside.map((who) => `${who}@freelance.example.net`), 'robin.new', 'alan'];
    expect([code, people]).toEqual([2, named.map((who) => (who.includes('@') ? who : `${who}@example.com`))]);
    await leavers(['run', out, ...sandbox, '--report', report]);
    expect(outcomesOf(report)).toEqual(['done', 'done']);
  });
});
