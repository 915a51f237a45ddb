// Disk: the system calls that write a report, as an interface, so that the simulation can make each of them fail.
import { fdatasync, ftruncateSync, writeSync } from 'node:fs';

export interface Disk {
  /** Writes bytes from `offset` on and returns how many were written. */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  /** Calls `done` when everything written is on disk, or with the error. */
  sync(fd: number, done: (error: Error | null) => void): void;
  truncate(fd: number, size: number): void;
}

/** The disk of this machine. */
export const systemDisk: Disk = { write: writeSync, sync: fdatasync, truncate: ftruncateSync };
