// A run that a signal stops: it finishes what is open, and resume makes each change exactly once. The signals need processes of their own.
import { describe, expect, it } from 'vitest';
import { manifest, path, scenario } from '../../support/scenario.ts';
import { ndjson, start } from '../../support/spawn.ts';

describe('a run that is stopped', () => {
  it('by SIGTERM finishes what is open, and resume makes each of 300 changes exactly once', async () => {
    await using s = await scenario({ people: 300 });
    const report = path('report.ndjson');
    const args = ['run', manifest(300), '--report', report, '--yes', '--rate', '60/s'];
    const run = start(args, { env: s.env });
    while (s.changes().length < 40) await new Promise((wake) => setTimeout(wake, 10));
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 143 });
    expect(ndjson(report).at(-1)).toMatchObject({ event: 'run-end', outcome: 'interrupted' });
    expect(s.changes().length).toBeLessThan(300);
    expect((await s.leavers([...args, '--resume'])).code).toBe(0);
    const changed = s.changes().map(({ path: where }) => where);
    expect(changed).toHaveLength(300);
    expect(new Set(changed).size).toBe(300);
  });
});
