// Names that the API itself refuses to search for: their rows fail with its words, and nobody else's does.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { group, person } from '../../support/organization.ts';
import { file, manifest, type Ran, type Scenario, scenario } from '../../support/scenario.ts';

/** Every search that names one of these people is refused; all of them when none is given. */
const refusing = (...people: number[]): Fault => ({
  match: { path: '/users/search$', body: people.length === 0 ? '' : `"person(${people.join('|')})["@]` },
  kind: 'status',
  status: 400,
  body: { errors: [{ code: 'ADMIN-400-9', title: 'Bad request', detail: 'emails[0] is no address of ours' }] },
});

const run = async (s: Scenario, api: string, flags: readonly string[] = []) => {
  const ran = await s.run(250, ['--api', api, ...flags]);
  return { ...ran, failed: failedOf(ran) };
};
const failedOf = ({ rows }: Ran) => rows.filter(({ outcome }) => outcome === 'failed');
const searches = (s: Scenario) => s.sandbox.ledger.filter((call) => call.path.endsWith('/users/search')).length;

describe.each(['v1', 'v2'])('an e-mail that the search refuses on %s', (api) => {
  it("fails its own row with the API's words, and everybody else is done", async () => {
    await using s = await scenario({ people: 250, faults: [refusing(7, 120)] });
    const { code, failed } = await run(s, api);
    expect([code, s.changes().length]).toEqual([1, 248]);
    expect(new Set(failed.map(({ email }) => email))).toEqual(new Set([person(120).email, person(7).email]));
    expect(failed[0]).toMatchObject({
      status: 400,
      error: { code: 'ADMIN-400-9', detail: 'emails[0] is no address of ours' },
    });
    expect(failed[0]?.['message']).toMatch(/^the directory refuses this name: emails\[0\] is no/);
    // Three batches, and seven levels of two halves for each of the two.
    expect(searches(s)).toBeLessThanOrEqual(3 + 2 * 14);
  });

  it('is run by resume once the API takes it', async () => {
    await using s = await scenario({ people: 250, faults: [{ ...refusing(7), times: 8 }] });
    const { code, manifest: at, report } = await run(s, api);
    const again = await s.run(at, ['--resume', '--api', api], { report });
    expect([code, again.code]).toEqual([1, 0]);
    expect(s.changes()).toHaveLength(250);
  });

  it('is shown in the plan', async () => {
    await using s = await scenario({ people: 250, faults: [refusing(7)] });
    const { code, stdout } = await s.leavers(['plan', manifest(250), '--api', api]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Plan: 249 to change.* 1 failed;/)]);
    expect(stdout).toMatch(/1 failed: person7@example\.com, the directory refuses/);
  });

  it('stops the run after a few calls when no search is taken at all', async () => {
    await using s = await scenario({ people: 250, faults: [refusing()] });
    const { code, stderr } = await run(s, api);
    expect([code, s.changes(), stderr]).toEqual([75, [], expect.stringContaining('no address of ours')]);
    expect(searches(s)).toBeLessThanOrEqual(20);
  });
});

describe('five account ids in a row that the search refuses on v2', () => {
  it('fail their own rows, because other searches were taken before', async () => {
    const ids = [15, 16, 17, 18, 19].map((n) => person(n).accountId);
    const fault: Fault = { ...refusing(), match: { path: '/users/search$', body: ids.join('|') } };
    await using s = await scenario({ people: 300, faults: [fault] });
    const rows = Array.from({ length: 20 }, (_, n) => ({ action: 'suspend-user', accountId: person(n).accountId }));
    const { code, rows: ended } = await s.run(rows, ['--api', 'v2', '--max-failures', '50%']);
    const failed = ended.filter(({ outcome }) => outcome === 'failed');
    expect([code, s.changes().length]).toEqual([1, 15]);
    expect(new Set(failed.map(({ accountId }) => accountId))).toEqual(new Set(ids));
  });
});

describe.each(['v1', 'v2'])('a group name that the search refuses on %s', (api) => {
  it("fails the rows about that group with the API's words, and all others are done", async () => {
    const words = { errors: [{ code: 'ADMIN-400-3', title: 'Bad request', detail: 'no such characters' }] };
    const match = { path: '/groups/search$', body: group(1).groupName };
    await using s = await scenario({ people: 6, faults: [{ match, kind: 'status', status: 400, body: words }] });
    const rows = [0, 1, 2, 1].map((n, at) => ({
      action: 'add-user-to-group',
      email: person(at).email,
      groupName: group(n).groupName,
    }));
    const ran = await s.run(rows, ['--api', api]);
    const failed = failedOf(ran);
    expect(ran.code).toBe(1);
    expect(new Set(failed.map(({ email }) => email))).toEqual(new Set([person(1).email, person(3).email]));
    expect(failed[0]).toMatchObject({
      status: 400,
      error: { code: 'ADMIN-400-3' },
    });
  });
});

describe('a protected e-mail that the search refuses', () => {
  it('stops the run before anything is sent, because its account may go by another name', async () => {
    await using s = await scenario({ people: 250, faults: [refusing(7)] });
    const list = file('protect.txt', `${person(7).email}\n`);
    const { code, stderr } = await run(s, 'v2', ['--protect', list]);
    expect([code, s.changes()]).toEqual([78, []]);
    expect(stderr).toMatch(/person7@example\.com is to be protected, but .*no address of ours\); correct it/);
  });
});
