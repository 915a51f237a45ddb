// The leak checks: what a run leaves open fails its test, and what a test file leaves behind fails the file.
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { changesSince, processState } from '../support/process-state.ts';
import { file, scenario } from '../support/scenario.ts';
import { root } from '../support/spawn.ts';

describe('a scenario', () => {
  it('ends without complaint when everything is closed', async () => {
    const s = await scenario();
    expect((await s.run(3)).outcomes).toEqual(['done', 'done', 'done']);
    await expect(s[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('fails over a file that stays open, and names it', async () => {
    const s = await scenario();
    const at = file('left.txt', '');
    const fd = openSync(at, 'r');
    await expect(s[Symbol.asyncDispose]()).rejects.toThrow(`left open: ${at}`);
    closeSync(fd);
  });

  it('fails over a socket that stays open', async () => {
    const s = await scenario();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await expect(s[Symbol.asyncDispose]()).rejects.toThrow(/left open: .*TCPServerWrap/);
    server.close();
  });
});

const home = process.env['HOME'];

describe('a test file', () => {
  const random = Math.random;
  const listen = () => {};
  let [timers, fd]: [NodeJS.Timeout[], number] = [[], 0];
  const server = createServer();

  it.each<[string, () => unknown, () => unknown]>([
    // More than vitest has of its own at any moment.
    [
      'Timeout',
      () => (timers = [1, 2, 3, 4].map(() => setTimeout(() => {}, 60_000))),
      () => timers.forEach(clearTimeout),
    ],
    ['TCPServerWrap', () => once(server.listen(0, '127.0.0.1'), 'listening'), () => once(server.close(), 'close')],
    ['open file', () => (fd = openSync(file('open file', ''), 'r')), () => closeSync(fd)],
    ['listener of SIGHUP', () => process.on('SIGHUP', listen), () => process.off('SIGHUP', listen)],
    ['variable LEFT', () => (process.env['LEFT'] = '1'), () => delete process.env['LEFT']],
    ['variable HOME', () => delete process.env['HOME'], () => (process.env['HOME'] = home)],
    ['global Math.random', () => (Math.random = () => 0), () => (Math.random = random)],
    ['working directory', () => process.chdir('/'), () => process.chdir(root)],
    ['exit code', () => (process.exitCode = 3), () => (process.exitCode = undefined)],
  ])('that leaves a %s behind is found', async (name, leave, restore) => {
    const before = processState();
    await leave();
    const found = changesSince(before);
    await restore();
    expect(found.map((each) => each.replace(/^\/.*\d-/, ''))).toContain(name);
    await expect.poll(() => changesSince(before)).toEqual([]);
  });
});
