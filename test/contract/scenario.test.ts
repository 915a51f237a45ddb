// The leak check of `scenario()`: what a run leaves open fails its test.
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { file, scenario } from '../support/scenario.ts';

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
