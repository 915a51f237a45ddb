// The short form of the torture: a few real kills and failing disks, because the simulation makes hundreds; `npm run torture` makes thousands.
import { describe, expect, it } from 'vitest';
import { failDisks, forget } from './disk.ts';
import { editManifests } from './edits.ts';
import { torture } from './kills.ts';
import { loseInvitations } from './network.ts';
import { endInEveryWay, terminate } from './operations.ts';
import { sayEvil } from './output.ts';

describe('runs that are killed', () => {
  it('lose nothing, flag every repeat, and never invite twice, over 6 kills', { timeout: 240_000 }, async () => {
    const score = await torture({ kills: 6, rows: 80 });
    expect(score).toMatchObject({ lost: 0, unflagged: 0, doubled: 0 });
    expect(score.kills).toBeGreaterThanOrEqual(6);
    expect(score.worst).toBeLessThanOrEqual(8);
  });

  it('by a power cut that takes what was not synced, neither, over 3 cuts', { timeout: 240_000 }, async () => {
    const score = await torture({ kills: 3, rows: 60, power: true });
    expect(score).toMatchObject({ lost: 0, unflagged: 0, doubled: 0 });
    expect(score.worst).toBeLessThanOrEqual(8);
  });
});

describe('runs whose', () => {
  it('disk fails at any write or sync end with 74, make no further call, and resume clean', async () => {
    const { slowestMs: _, ...score } = await failDisks(1);
    expect(score).toEqual({ runs: 5, reached: 5, otherwise: 0, unannounced: 0, late: 0, unclean: 0 });
  });

  it('promises are forgotten never end with 0', async () => {
    expect(await forget(3)).toEqual({ runs: 3, zeros: 0, otherwise: 0 });
  });

  it('manifests are edited in between skip nothing and make nothing again', async () => {
    expect(await editManifests(6)).toMatchObject({ skipped: 0, redone: 0, untold: 0 });
  });

  it('invitations are lost half of the time never send one twice, and claim none that is not', async () => {
    expect(await loseInvitations(200)).toMatchObject({ doubled: 0, claimed: 0 });
  });
});

describe('what comes out', () => {
  it('holds no control character, wherever the text came from', async () => {
    expect((await sayEvil()).raw).toEqual([]);
  });

  it('has the exit code of its cause', async () => {
    expect((await endInEveryWay()).wrong).toEqual([]);
  });

  it('after SIGTERM is all that was done, and an end that says so', async () => {
    expect(await terminate(1)).toMatchObject({ wrong: 0 });
  });
});
