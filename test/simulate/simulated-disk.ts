// The report's disk: bytes go to a real file, and a crash takes what was not synced, or a part of it.
import { ftruncateSync, fstatSync, truncateSync, writeSync } from 'node:fs';
import type { Disk } from '../../src/storage/disk.ts';
import type { Random } from './random.ts';
import type { Run } from './run-state.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Lines {
  /** Whole lines that are on disk for certain. */
  synced(lines: readonly string[]): void;
}

const failed = (code: string) => Object.assign(new Error(`${code}: simulated`), { code });

export class SimulatedDisk implements Disk {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #lines: Lines;
  #run: Run | undefined;
  #size = 0;
  #synced = 0;
  #unsynced = '';
  #writes = 0;
  #syncs = 0;

  constructor(time: VirtualTime, random: Random, lines: Lines) {
    this.#time = time;
    this.#random = random;
    this.#lines = lines;
  }

  /** A run begins on a report of this size. */
  begin(run: Run, size: number): void {
    this.#run = run;
    this.#size = size;
    this.#synced = size;
    this.#unsynced = '';
    this.#writes = 0;
    this.#syncs = 0;
  }

  write(fd: number, bytes: Uint8Array, offset: number): number {
    const run = this.#current();
    if (run.isDead) throw failed('EIO');
    this.#writes += 1;
    const { incident } = run;
    const isHit =
      incident.kind !== 'none' && incident.kind !== 'signal' && incident.on === 'write' && incident.at === this.#writes;
    if (isHit && incident.kind === 'disk') {
      this.#take(fd, bytes.subarray(offset, offset + this.#random.int(0, bytes.length - offset)));
      run.hasDiskFailed = true;
      run.note(`write ${this.#writes} fails`);
      throw failed('ENOSPC');
    }
    if (isHit && incident.kind === 'crash') {
      const rest = bytes.length - offset;
      this.#take(fd, bytes.subarray(offset, offset + (incident.after ? rest : this.#random.int(0, rest))));
      run.die(`write ${this.#writes}`);
      throw failed('EIO');
    }
    // Now and then the system takes a part only.
    const most = bytes.length - offset;
    const taken = this.#random.chance(0.02) ? this.#random.int(1, most) : most;
    this.#take(fd, bytes.subarray(offset, offset + taken));
    run.note(`write ${taken} bytes`);
    return taken;
  }

  sync(_fd: number, done: (error: Error | null) => void): void {
    const run = this.#current();
    const { incident } = run;
    const size = this.#size;
    const text = this.#unsynced;
    this.#syncs += 1;
    const isHit = incident.kind === 'disk' && incident.on === 'sync' && incident.at === this.#syncs;
    this.#time.after(this.#random.int(0, 8), () => {
      if (run.isDead) return done(failed('EIO'));
      if (isHit) {
        run.hasDiskFailed = true;
        run.note('sync fails');
        return done(failed('EIO'));
      }
      run.note(`sync at ${size}`);
      this.#synced = Math.max(this.#synced, size);
      const whole = text.lastIndexOf('\n') + 1;
      this.#unsynced = this.#unsynced.slice(whole);
      this.#lines.synced(text.slice(0, whole).split('\n').slice(0, -1));
      done(null);
    });
  }

  truncate(fd: number, size: number): void {
    if (this.#current().isDead) return;
    ftruncateSync(fd, size);
    this.#size = size;
    this.#synced = Math.min(this.#synced, size);
    this.#unsynced = '';
  }

  /** What a crash leaves of the report: all that was synced, and of the rest as much as happened to get there. */
  settle(path: string): void {
    if (!this.#current().isDead) return;
    const kept = this.#synced + this.#random.int(0, Math.max(0, this.#size - this.#synced));
    truncateSync(path, kept);
    this.#current().note(`the crash leaves ${kept} of ${this.#size} bytes`);
  }

  #take(fd: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    writeSync(fd, bytes);
    this.#size = fstatSync(fd).size;
    this.#unsynced += Buffer.from(bytes).toString();
  }

  #current(): Run {
    if (this.#run === undefined) throw new Error('no run has begun');
    return this.#run;
  }
}
