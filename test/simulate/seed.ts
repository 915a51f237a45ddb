// Runs one seed: troubled runs, then runs without trouble, all on one report. Returns the trace and every violation.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { openCall } from '../../src/cli/open-call.ts';
import { parseArgs } from '../../src/cli/parse-args.ts';
import { commands } from '../../src/cli/registry.ts';
import type { Context, SignalName } from '../../src/context.ts';
import { renderError } from '../../src/terminal/render-error.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { world } from '../support/context.ts';
import { org } from '../support/organization.ts';
import { type Cast, chooseCast } from './cast.ts';
import { Invariants } from './invariants.ts';
import { meddle } from './meddler.ts';
import { type Random, randomOf } from './random.ts';
import { Run } from './run-state.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { chooseTrouble, type Incident, type Trouble } from './trouble.ts';
import { VirtualTime } from './virtual-time.ts';

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Everything that happened, one line each, with virtual ms in front. */
  readonly trace: readonly string[];
  readonly runs: number;
  readonly requests: number;
}

/** The first moment of every seed. */
const start = Date.UTC(2026, 0, 15, 8);
const manifest = 'm.ndjson';
const report = 'r.ndjson';
const protect = 'protect.txt';
/** In memory where there is such a folder: what a crash leaves is simulated. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const calm: Incident = { kind: 'none' };

/** Runs a seed in a folder of its own, which is removed. Bugs of the simulation throw. */
export async function runSeed(seed: number): Promise<SeedResult> {
  const folder = mkdtempSync(join(memory, 'simulate-'));
  const before = process.cwd();
  // Relative paths, so that a report has the same bytes on every machine.
  process.chdir(folder);
  const simulation = new Simulation(seed);
  const restore = simulation.time.install();
  try {
    return await simulation.run();
  } finally {
    restore();
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

/** Everything that breaks in the seeds from one to another, both included. */
export async function violationsOf(from: number, to: number): Promise<string[]> {
  const found: string[] = [];
  for (let seed = from; seed <= to; seed += 1)
    for (const violation of (await runSeed(seed)).violations) found.push(`seed ${seed}: ${violation}`);
  return found;
}

class Simulation {
  readonly time = new VirtualTime();
  readonly #seed: number;
  readonly #random: Random;
  readonly #cast: Cast;
  readonly #trouble: Trouble;
  readonly #sandbox: Sandbox;
  readonly #invariants: Invariants;
  readonly #disk: SimulatedDisk;
  readonly #network: SimulatedNetwork;
  readonly #trace: string[] = [];
  /** By how much the wall clock is off. */
  #offset = 0;
  #runs = 0;
  #parsed: ReturnType<typeof parseArgs> | undefined;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(String(seed));
    this.#cast = chooseCast(this.#random.fork('cast'));
    this.#trouble = chooseTrouble(this.#random.fork('trouble'));
    const { time } = this;
    this.#sandbox = openSandbox(this.#cast.state, {
      clock: { now: () => start + time.now },
      sleep: (ms) => time.sleep(ms),
      generations: [this.#cast.generation],
    });
    this.#invariants = new Invariants(this.#cast);
    this.#disk = new SimulatedDisk(time, this.#random.fork('disk'), this.#invariants);
    this.#network = new SimulatedNetwork({
      time,
      random: this.#random.fork('network'),
      sandbox: this.#sandbox,
      trouble: this.#trouble,
      witness: this.#invariants,
    });
  }

  async run(): Promise<SeedResult> {
    const { rows, protect: listed } = this.#cast;
    writeFileSync(manifest, rows.map(({ fields }) => `${JSON.stringify(fields)}\n`).join(''));
    writeFileSync(protect, listed.map((line) => `${line}\n`).join(''));
    this.#schedule();
    const pauses = this.#random.fork('pauses');
    for (const incident of this.#trouble.incidents) {
      await this.#once(incident);
      await this.time.finish(this.time.sleep(pauses.int(0, 60_000)));
    }
    this.#network.isCalm = true;
    await this.time.drain();
    await this.#converge();
    if (existsSync(report)) this.#invariants.atEnd(report);
    const { violations, requests } = this.#invariants;
    return { seed: this.#seed, violations, trace: this.#trace, runs: this.#runs, requests };
  }

  #schedule(): void {
    const random = this.#random.fork('meddling');
    for (const { at, ms } of this.#trouble.steps)
      this.time.after(at, () => {
        this.#offset += ms;
        this.#note(`the clock steps by ${ms} ms`);
      });
    for (const at of this.#trouble.meddling)
      this.time.after(at, () => {
        const { subject, what, done } = meddle(this.#cast, random, this.#sandbox);
        this.#invariants.meddledWith.add(subject);
        this.#note(`another admin: ${what}`);
        void done;
      });
  }

  /** The first run without trouble ends; the one after it has nothing to do. */
  async #converge(): Promise<void> {
    const code = await this.#once(calm);
    if (![0, 1, 3, 4].includes(code)) this.#invariants.fail(`a run without trouble ends with ${code}`);
    const ended = new Set(this.#invariants.finished(report));
    const before = this.#invariants.requests;
    await this.#once(calm);
    for (const row of this.#invariants.rowsSentSince(before))
      if (ended.has(row)) this.#invariants.fail(`row ${row} is finished, and sent again`);
  }

  async #once(incident: Incident): Promise<number> {
    this.#runs += 1;
    const run = new Run(this.#runs, incident, (what) => this.#note(what));
    this.#note(`run ${run.number} begins, incident ${JSON.stringify(incident)}`);
    this.#invariants.run = run;
    this.#disk.begin(run, existsSync(report) ? statSync(report).size : 0);
    const said: string[] = [];
    const code = await this.time.finish(this.#start(this.#context(run, said), said));
    this.#note(`run ${run.number} ends with ${code}`);
    this.#note(said.join('').replaceAll(process.cwd(), '.'));
    if (!existsSync(report)) return code;
    this.#disk.settle(report);
    this.#note(`report ${createHash('sha256').update(readFileSync(report)).digest('hex')}`);
    await this.#invariants.afterRun(run, code, report);
    return code;
  }

  /** As `main` does it. The arguments are parsed once, because yargs takes longer than a run. */
  async #start(context: Context, said: string[]): Promise<number> {
    const { name, args } = await (this.#parsed ??= parseArgs(this.#args(), commands));
    try {
      return await commands[name].start(openCall({ name, args, context, secrets: [] }));
    } catch (error) {
      const { code, text } = renderError(error, { verbose: false, json: false, masks: [] }, context);
      said.push(text);
      return code;
    }
  }

  #args(): string[] {
    const { generation, flags, protect: listed } = this.#cast;
    const allowed = ['remove-user', 'invite-user', 'delete-group'].flatMap((name) => ['--allow', name]);
    const guards = listed.length === 0 ? [] : ['--protect', protect];
    return [
      'run',
      manifest,
      '--report',
      report,
      '--resume',
      '--yes',
      '--quiet',
      '--api',
      generation,
      ...flags,
      ...guards,
      ...allowed,
    ];
  }

  #context(run: Run, said: string[]): Context {
    const random = this.#random.fork(`run ${run.number}`);
    const uuid = this.#random.fork(`uuid ${run.number}`);
    const stream = () =>
      new Writable({
        write: (chunk: Buffer, _, done) => {
          said.push(chunk.toString());
          done();
        },
      });
    return world({
      clock: { now: () => start + Math.floor(this.time.now) + this.#offset, monotonic: () => this.time.now },
      sleep: (ms, signal) => this.time.sleep(ms, signal),
      random: () => random.next(),
      uuid: () => [8, 4, 4, 4, 12].map((size) => hex(uuid, size)).join('-'),
      fetch: this.#network.fetchOf(run),
      disk: this.#disk,
      hostname: `machine-${process.pid}`,
      env: {
        NO_COLOR: '1',
        ATLASSIAN_ORG_ID: org,
        ATLASSIAN_API_KEY: 'sandbox',
        ATLASSIAN_API_URL: 'http://127.0.0.1:9/admin',
      },
      cwd: process.cwd(),
      tmpdir: process.cwd(),
      stdin: Readable.from([]),
      stdout: stream(),
      stderr: stream(),
      exit: (code) => run.die(`exit ${code}`),
      onSignal: (handler) => listen(run, handler),
    });
  }

  #note(what: string): void {
    this.#trace.push(`${this.time.now.toFixed(3)} ${what}`);
  }
}

function listen(run: Run, handler: (signal: SignalName) => void): () => void {
  run.onSignal = (signal, twice) => {
    run.note(`${signal}${twice ? ' twice' : ''}`);
    run.isStopped = true;
    handler(signal);
    if (twice) handler(signal);
  };
  return () => (run.onSignal = undefined);
}

const hex = (random: Random, size: number) =>
  Array.from({ length: size }, () => random.int(0, 15).toString(16)).join('');
