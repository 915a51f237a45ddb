// A name that one process of the machine can hold: nobody who connects to it keeps it or its process.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { readMachineNote, tryMachineLock } from '../../../src/storage/machine-lock.ts';

const name = `test of process ${process.pid}`;

it('is held once, tells its note, and is free after release', async () => {
  const first = await tryMachineLock(name, { pid: 1 });
  expect(await tryMachineLock(name, {})).toBeUndefined();
  expect(await readMachineNote(name)).toEqual({ pid: 1 });
  await first?.release();
  expect(await readMachineNote(name)).toBeUndefined();
  const second = await tryMachineLock(name, {});
  expect(second).toBeDefined();
  await second?.release();
});

it('is released although somebody connected and never closes', async () => {
  const held = await tryMachineLock(name, { pid: 1 });
  const digest = createHash('sha256').update(name).digest('hex');
  const peer = connect({ path: `\0leavers-${digest.slice(0, 32)}`, allowHalfOpen: true });
  await once(peer, 'connect');
  await held?.release();
  peer.destroy();
});
