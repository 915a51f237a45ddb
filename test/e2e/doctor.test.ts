// Does everything fit together: one verdict a line, and the exit code of the worst.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { leaversAt } from '../support/in-process.ts';
import { desk, scenario } from '../support/scenario.ts';

async function doctor(faults: readonly Fault[] = [], env: Record<string, string> = {}, api = 'v2') {
  await using s = await scenario({ people: 3, faults });
  return await s.leavers(['doctor', '--api', api], { env, cwd: desk, speed: 20 });
}

describe('doctor', () => {
  it('gives one verdict a line, and 0 when all is well', async () => {
    const { code, stdout } = await doctor();
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => /^(\S) (\w[\w ]*?) +(ok|warn|fail) /.exec(line)?.slice(2).join(' '))).toEqual(
      'network,reports,key,organization,scopes,generation,people,groups,actions,audit log,clock'
        .split(',')
        .map((name) => `${name} ok`)
        .concat([expect.stringMatching(/^rate limit (ok|warn)$/)]),
    );
    expect(code).toBe(0);
  });

  it('says that v1 is retired', async () => {
    const { code, stdout } = await doctor([], {}, 'v1');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/generation +warn +v1 .*retired on 2026-06-30/)]);
  });

  it('ends with 77 for a key that is refused, whatever else is wrong', async () => {
    await using s = await scenario({ people: 1, faults: [{ match: {}, kind: 'status', status: 401 }] });
    const cwd = join(desk, 'broken');
    mkdirSync(cwd);
    // A file stands where the folder of reports would be.
    writeFileSync(join(cwd, 'reports'), '');
    const { code, stdout } = await s.leavers(['doctor', '--api', 'v2'], { cwd });
    expect([code, stdout]).toEqual([77, expect.stringMatching(/reports +fail[\s\S]*key +fail/)]);
  });

  it.each([
    [{ data: [] }, /scopes +warn +the key seems to have scopes, and no .* the \d+ actions .*without scopes/],
    ['nonsense', /scopes +warn +unknown; a key/],
  ])('says whether scopes limit the key, as far as a list of organizations %j tells', async (body, words) => {
    const { code, stdout } = await doctor([{ match: { path: '/v1/orgs$' }, kind: 'status', status: 200, body }]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(words)]);
  });

  it('names the actions that can be planned by ids only when groups can not be searched', async () => {
    const { code, stdout } = await doctor([{ match: { path: 'groups/search' }, kind: 'status', status: 403 }]);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/groups +fail/);
    expect(stdout).toMatch(/actions +warn +by ids only: .*delete-group/);
    expect(stdout).not.toMatch(/actions .*suspend-user/);
  });

  it.each([403, 404, 500])('warns when the audit log is answered with %i, and is content otherwise', async (status) => {
    const { code, stdout } = await doctor([{ match: { path: 'events-stream' }, kind: 'status', status }]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/audit log +warn +\S.*\n. clock +ok/)]);
  });

  it.each(['nonsense', 'http://'])('refuses %j as a proxy, and never says that there is none', async (proxy) => {
    const { code, stdout } = await doctor([], { HTTPS_PROXY: proxy });
    expect([code, stdout]).toEqual([78, expect.stringMatching(/network +fail +HTTPS_PROXY is not a URL/)]);
  });

  it('warns of a clock that is wrong', async () => {
    await using s = await scenario({ people: 1 });
    const options = { env: s.env, cwd: desk };
    const { stdout } = await leaversAt(Date.now() + 3_600_000, ['doctor', '--api', 'v2'], options);
    expect(stdout).toMatch(/clock +warn +3[56]\d\d s ahead of/);
  });

  it('names every missing setting at once, and checks what needs none', async () => {
    await using s = await scenario({ people: 1 });
    const unset = { ATLASSIAN_ORG_ID: '', ATLASSIAN_API_KEY: '', ATLASSIAN_API_KEY_FILE: '/nowhere' };
    const { code, stdout } = await s.leavers(['doctor'], { env: unset, cwd: desk });
    const verdicts = stdout.split('\n').map((line) => /^\S (\w+) +(ok|fail)/.exec(line)?.slice(1).join(' '));
    expect(verdicts).toEqual(['network ok', 'reports ok', 'organization fail', 'key fail', undefined]);
    expect(code).toBe(78);
  });

  it('names the network alone when nothing answers at the address', async () => {
    await using s = await scenario({ people: 1 });
    const env = { ATLASSIAN_API_URL: 'https://leavers.invalid/admin' };
    const { code, stdout } = await s.leavers(['doctor'], { env, cwd: desk });
    expect([code, stdout.match(/ fail /g)]).toEqual([75, [' fail ']]);
    expect(stdout).toMatch(/network +fail +leavers\.invalid can't be reached/);
  });

  it('draws no conclusions from an organization that is not there', async () => {
    const { code, stdout } = await doctor([{ match: { path: `/v1/orgs/[^/]+$` }, kind: 'status', status: 404 }]);
    expect([code, stdout.match(/ fail /g)]).toEqual([78, [' fail ']]);
    expect(stdout).not.toMatch(/people|groups|scopes/);
  });
});
