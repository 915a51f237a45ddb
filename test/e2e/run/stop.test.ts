// A run that a signal stops: it finishes what is open, and resume makes each change exactly once. The signals need processes of their own.
import { describe, expect, it } from 'vitest';
import { serveCompany } from '../../support/organization.ts';
import { leavers } from '../../support/in-process.ts';
import { manifest, path } from '../../support/scenario.ts';
import { ndjson, start } from '../../support/spawn.ts';

describe('a run that is stopped', () => {
  it('by SIGTERM finishes what is open, and resume makes each of 300 changes exactly once', async () => {
    await using served = await serveCompany({ people: 300 });
    const report = path('report.ndjson');
    const args = ['run', manifest(300), '--report', report, '--yes', '--rate', '60/s'];
    const run = start(args, { env: served.env });
    while (served.changes().length < 40) await new Promise((wake) => setTimeout(wake, 10));
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 143 });
    expect(ndjson(report).at(-1)).toMatchObject({ event: 'run-end', outcome: 'interrupted' });
    expect(served.changes().length).toBeLessThan(300);
    expect((await leavers([...args, '--resume'], { env: { ...served.env } })).code).toBe(0);
    const changed = served.changes().map(({ path: where }) => where);
    expect(changed).toHaveLength(300);
    expect(new Set(changed).size).toBe(300);
  });
});
