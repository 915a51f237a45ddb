// One run at a time for an organization on this machine: the second names the first, waits with --wait-lock, and rehearsals need no lock.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newFolder, file, manifest, path, scenario, type Scenario } from '../../support/scenario.ts';
import { start } from '../../support/spawn.ts';

/** Starts a slow run in a process of its own and waits for its first change. */
async function slowRun(s: Scenario, state: string) {
  const args = ['run', manifest(40), '--report', path('first.ndjson'), '--yes', '--rate', '10/s'];
  const run = start(args, { env: { ...s.env, XDG_STATE_HOME: state } });
  while (s.changes().length === 0) await sleep(10);
  return run;
}

describe('a second run for the organization', () => {
  it('ends with 75, names the first, and leaves nothing behind', async () => {
    await using s = await scenario({ people: 40 });
    const state = newFolder();
    const first = await slowRun(s, state);
    const env = { XDG_STATE_HOME: state };
    const second = await s.run(1, [], { env });
    expect([second.code, second.lines, second.stderr]).toEqual([
      75,
      [],
      expect.stringMatching(new RegExp(`in use by another run \\(pid ${first.child.pid} on .+, since .+m\\.ndjson\\)`)),
    ]);
    const id = s.env.ATLASSIAN_ORG_ID.toUpperCase();
    expect((await s.run(1, [], { env: { ...env, ATLASSIAN_ORG_ID: ` ${id} ` } })).code).toBe(75);
    expect((await s.run(1, ['--dry-run'], { env })).code).toBe(0);
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await s.run(1, [], { env })).code).toBe(0);
    expect([statSync(join(state, 'leavers')).mode & 0o777, readdirSync(join(state, 'leavers'))]).toEqual([0o700, []]);
  });

  it('waits for the first with --wait-lock', async () => {
    await using s = await scenario({ people: 40 });
    const state = newFolder();
    const first = await slowRun(s, state);
    const env = { XDG_STATE_HOME: state };
    expect((await s.run(1, ['--wait-lock', '1s'], { env })).code).toBe(75);
    setTimeout(() => first.child.kill('SIGTERM'), 200);
    const { code, stderr } = await s.run(1, ['--wait-lock', '1m'], { env });
    expect([code, stderr]).toEqual([0, expect.stringContaining('waiting up to')]);
    await first.ended;
  });

  it('meets the first in a folder that others could read, with another runtime folder', async () => {
    await using s = await scenario({ people: 40 });
    const [state, runtime] = [newFolder(), newFolder()];
    mkdirSync(join(state, 'leavers'), { mode: 0o755 });
    const first = await slowRun(s, state);
    const { code } = await s.run(1, [], { env: { XDG_STATE_HOME: state, XDG_RUNTIME_DIR: runtime } });
    first.child.kill('SIGTERM');
    await first.ended;
    expect([code, statSync(join(state, 'leavers')).mode & 0o777]).toEqual([75, 0o700]);
  });

  it('meets the first whatever the state folder of its user is', async () => {
    await using s = await scenario({ people: 40 });
    const first = await slowRun(s, newFolder());
    const second = await s.run(1, [], { env: { XDG_STATE_HOME: newFolder() } });
    const third = await s.run(1, [], { env: { XDG_STATE_HOME: file('no-folder', '') } });
    first.child.kill('SIGKILL');
    await first.ended;
    const holder = new RegExp(`in use by another run \\(pid ${first.child.pid} on this machine, since \\d{4}-.+Z\\)`);
    expect([second.code, second.stderr]).toEqual([75, expect.stringMatching(holder)]);
    expect([third.code, third.stderr]).toEqual([75, expect.stringMatching(holder)]);
    expect((await s.run(1, [], { env: { XDG_STATE_HOME: newFolder() } })).code).toBe(0);
  });

  it.each([
    ['says nothing', ''],
    ['says no JSON', 'pid 1'],
    ['says null', 'null'],
    ['gives a date that is none', '{"pid":1,"since":"\u001b[2J"}'],
    ['never ends', 'x'.repeat(5_000_000)],
  ])('does not believe a holder that %s', async (_, said) => {
    await using s = await scenario({ people: 1 });
    const { origin } = new URL(s.env.ATLASSIAN_API_URL);
    const digest = createHash('sha256')
      .update(`${hostname()} ${origin} ${s.env.ATLASSIAN_ORG_ID.toLowerCase()}`)
      .digest('hex');
    const holder = createServer((socket) => socket.on('error', () => {}).end(said));
    await new Promise<void>((resolve) => holder.listen(`\0leavers-${digest.slice(0, 32)}`, resolve));
    const { code, stderr } = await s.run(1);
    await new Promise((resolve) => holder.close(resolve));
    expect([code, stderr]).toEqual([75, expect.stringContaining('in use by another run; wait for it')]);
  });

  it('is not hindered where no lock can be kept, and says so', async () => {
    await using s = await scenario({ people: 1 });
    const env = { XDG_STATE_HOME: file('no-folder', '') };
    const { code, stderr } = await s.run(1, [], { env });
    expect([code, stderr]).toEqual([0, expect.stringContaining("can't be locked")]);
  });
});

describe('a run that is refused', () => {
  it.each([
    ['by its manifest', 65, [{ action: 'suspend-user', email: 'jo@' }], []],
    ['by a guard', 78, 2, ['--max-changes', '1', '--resume']],
    ['by a limit of rows', 78, 2, ['--min-rows', '9', '--resume']],
  ] as const)('%s leaves no report and no lock', async (_, code, rows, flags) => {
    await using s = await scenario({ people: 2 });
    const folder = newFolder();
    const ended = await s.run(rows, flags, { report: join(folder, 'r.ndjson') });
    expect([ended.code, readdirSync(folder)]).toEqual([code, []]);
  });

  it('by its key leaves no report and no lock', async () => {
    await using s = await scenario({ people: 2, faults: [{ match: {}, kind: 'status' as const, status: 401 }] });
    const folder = newFolder();
    const ended = await s.run(2, ['--resume'], { report: join(folder, 'r.ndjson') });
    expect([ended.code, readdirSync(folder)]).toEqual([77, []]);
  });

  it('in an earlier version left an empty report, which report and undo skip with a message', async () => {
    await using s = await scenario({ people: 2 });
    const [{ report }, empty] = [await s.run(2), file('empty.ndjson', '')];
    for (const args of [
      ['report', empty, report],
      ['undo', report, empty],
    ]) {
      const { code, stderr } = await s.leavers(args);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`${empty}: the report is empty; it is skipped`)]);
    }
    expect((await s.leavers(['report', empty])).code).toBe(65);
  });
});

describe('--organizations', () => {
  const list = (ids: readonly string[]) =>
    file(
      'o.json',
      JSON.stringify({
        organizations: ids.map((orgId, n) => ({
          name: `o${n}`,
          orgId,
          apiKeyFile: 'k',
          manifests: ['m'],
          report: `r${n}`,
        })),
      }),
    );

  it('refuses one organization twice, whatever the case and the spaces of its id', async () => {
    await using s = await scenario({ people: 1 });
    const id = s.env.ATLASSIAN_ORG_ID;
    for (const other of [id, `${id} `, id.toUpperCase()]) {
      const { code, stderr } = await s.leavers(['run', '--organizations', list([id, other]), '--yes']);
      expect([code, stderr]).toEqual([65, expect.stringContaining('have the same orgId')]);
    }
  });

  it('refuses a list whose aliases unfold without end', async () => {
    await using s = await scenario({ people: 1 });
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[n]}`).join()}]`),
      'organizations: *h',
    ];
    const { code } = await s.leavers(['run', '--organizations', file('bomb.yaml', bomb.join('\n')), '--yes']);
    expect(code).toBe(65);
  });
});
