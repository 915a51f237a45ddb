// What must hold in every seed: checked when a request leaves, after each run, and at the end.
import { readFileSync } from 'node:fs';
import type { ReportLine, RowLine } from '../../src/report/events.ts';
import { verifyReport } from '../../src/report/read/verify-chain.ts';
import type { Cast, CastRow, Sent } from './cast.ts';
import type { Run } from './run-state.ts';
import type { Witness } from './simulated-network.ts';

interface Send extends Sent {
  readonly run: number;
  /** 1-based row of the manifest; undefined for a read. */
  readonly row: number | undefined;
  /** What the organization answered; undefined while it has not arrived. */
  carriedOut?: number;
  /** It arrived twice, so the caller may see the answer to a repetition. */
  isDoubled?: boolean;
  /** The caller knows that it was not carried out. */
  isHarmless: boolean;
}

/** Exit codes that a run may end with, whatever goes wrong outside of it. */
const expectedCodes: readonly number[] = [0, 1, 3, 4, 74, 75, 77, 129, 130, 143];

const isRead = ({ method, path }: Sent) => method === 'GET' || path.endsWith('/search');

export class Invariants implements Witness {
  readonly violations: string[] = [];
  readonly #cast: Cast;
  readonly #sends: Send[] = [];
  /** Rows with a request that was carried out and sent again after that. */
  readonly #repeated = new Set<number>();
  /** Subjects that another admin has changed. */
  readonly meddledWith = new Set<string>();
  run: Run | undefined;

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  get requests(): number {
    return this.#sends.length;
  }

  fail(what: string): void {
    this.violations.push(`run ${this.run?.number ?? 0}: ${what}`);
  }

  leaves(run: Run, sent: Sent): number {
    const number = this.#sends.length;
    if (run.isStopped) this.fail(`request ${number} leaves after the signal`);
    if (run.isRefused) this.fail(`request ${number} leaves after the key was refused`);
    const row = isRead(sent) ? undefined : this.#rowOf(sent, number);
    if (row !== undefined) this.#checkChange(run, row, sent);
    this.#sends.push({ ...sent, run: run.number, row, isHarmless: false });
    if (row !== undefined) {
      run.sent.push(row);
      run.open.set(row, (run.open.get(row) ?? 0) + 1);
    }
    return number;
  }

  #rowOf(sent: Sent, number: number): number | undefined {
    const at = this.#cast.rows.findIndex(({ claims }) => claims(sent));
    if (at < 0)
      this.fail(`request ${number} is a change that no row asks for: ${sent.method} ${sent.path} ${sent.body}`);
    return at < 0 ? undefined : at + 1;
  }

  #row(number: number): CastRow {
    const row = this.#cast.rows[number - 1];
    if (row === undefined) throw new Error(`no row ${number}`);
    return row;
  }

  #checkChange(run: Run, row: number, sent: Sent): void {
    const { guarded, creates } = this.#row(row);
    // A protected e-mail protects nobody once another admin has removed its owner; the run names such entries.
    const isMeddled = this.#row(row).subjects.some((each) => this.meddledWith.has(each));
    if (guarded && !isMeddled) this.fail(`row ${row} changes a protected person`);
    if (!run.announced.has(row)) this.fail(`row ${row} is sent before its intent is on disk`);
    if (run.ended.has(row)) this.fail(`row ${row} is sent after its outcome`);
    if (run.hasDiskFailed) this.fail(`row ${row} is sent after the report could not be written`);
    if ((run.open.get(row) ?? 0) > 0) this.fail(`row ${row} has two requests under way`);
    this.#checkOrder(run, row);
    const earlier = this.#sends.filter((each) => each.row === row);
    if (creates && earlier.some(({ isHarmless }) => !isHarmless)) this.fail(`row ${row} creates twice`);
    const same = earlier.filter(
      ({ method, path, body }) => method === sent.method && path === sent.path && body === sent.body,
    );
    if (same.some(({ carriedOut = 500 }) => carriedOut < 300)) this.#repeated.add(row);
  }

  #checkOrder(run: Run, row: number): void {
    const { subjects } = this.#row(row);
    const isShared = (other: number) => this.#row(other).subjects.some((each) => subjects.includes(each));
    const later = run.sent.find((other) => other > row && isShared(other));
    if (later !== undefined) this.fail(`row ${row} is sent after row ${later} about the same subject`);
    const open = run.sent.find((other) => other < row && isShared(other) && !run.ended.has(other));
    if (open !== undefined) this.fail(`row ${row} is sent before the outcome of row ${open} is on disk`);
  }

  arrives(number: number, status: number): void {
    const send = this.#sends[number];
    // Of a doubled request the first may be carried out and the second refused.
    if (send === undefined) return;
    send.isDoubled = send.carriedOut !== undefined;
    send.carriedOut = Math.min(status, send.carriedOut ?? status);
  }

  settles(run: Run, number: number, { status, isCertain }: { status?: number; isCertain: boolean }): void {
    const send = this.#sends[number];
    if (send?.row === undefined) return;
    run.open.set(send.row, (run.open.get(send.row) ?? 1) - 1);
    send.isHarmless = isCertain && (status === undefined || (status >= 400 && status !== 409));
  }

  /** Lines of the current run's report that are on disk. */
  synced(lines: readonly string[]): void {
    for (const text of lines) {
      const line = JSON.parse(text) as ReportLine;
      if (line.event === 'row-sent') this.run?.announced.add(line.row);
      if (line.event === 'row') this.run?.ended.add(line.row);
    }
  }

  /** After each run: the exit code, and the chain of the report. */
  async afterRun(run: Run, code: number, report: string): Promise<void> {
    // A 404 without a readable code looks like a retired route of v1.
    const isExpected =
      expectedCodes.includes(code) || (code === 78 && run.hasUnreadable && this.#cast.generation === 'v1');
    if (!run.isDead && !isExpected) this.fail(`exit code ${code}`);
    const { findings } = await verifyReport(report);
    const bad = findings.filter(({ what }) => what !== 'torn' || !run.isDead);
    for (const { message } of bad) this.fail(`chain: ${message}`);
  }

  /** Rows whose last outcome lets no later run send them again. */
  finished(report: string): number[] {
    const last = new Map(rowLines(report).map(({ row, outcome }) => [row, outcome]));
    return [...last].filter(([, outcome]) => ['done', 'already', 'unknown'].includes(outcome)).map(([row]) => row);
  }

  /** Rows of the changes that left after the first `requests` requests. */
  rowsSentSince(requests: number): number[] {
    return this.#sends.slice(requests).flatMap(({ row }) => row ?? []);
  }

  /** After the runs without trouble: every row has its outcome, and the outcomes are true. */
  atEnd(report: string): void {
    const byRow = Map.groupBy(rowLines(report), ({ row }) => row);
    for (const at of this.#cast.rows.keys()) this.#checkRow(at + 1, byRow.get(at + 1) ?? []);
  }

  #checkRow(row: number, lines: readonly RowLine[]): void {
    const last = lines.at(-1);
    if (last === undefined) return this.fail(`row ${row} is lost: it has no outcome`);
    const { guarded, creates, subjects } = this.#row(row);
    const isFlagged = lines.some(({ ambiguous, outcome }) => ambiguous || outcome === 'unknown');
    if (this.#repeated.has(row) && !isFlagged)
      this.fail(`row ${row} was carried out twice, and no line is marked ambiguous`);
    const wasCarriedOut = this.#sends.some(
      (send) => send.row === row && send.carriedOut !== undefined && send.carriedOut < 300,
    );
    const { outcome } = last;
    const isDoubled = this.#sends.some((send) => send.row === row && send.isDoubled);
    if (wasCarriedOut && !isFlagged && !isDoubled && outcome !== 'done')
      this.fail(`row ${row} was carried out and is reported as ${outcome}`);
    if (subjects.some((each) => this.meddledWith.has(each))) return;
    // Of a person or group that a later row removes nothing else can be changed or seen.
    if (this.#isRemovedLater(row)) return;
    if (outcome === 'done' && !wasCarriedOut) this.fail(`row ${row} is reported as done, and nothing was carried out`);
    const allowed = guarded ? ['skipped'] : creates ? ['done', 'already', 'unknown'] : ['done', 'already'];
    if (!allowed.includes(outcome) && !this.#isExcused(row, last))
      this.fail(`row ${row} ends as ${outcome} (${last.reason ?? last.message ?? ''})`);
  }

  #isRemovedLater(row: number): boolean {
    const { subjects } = this.#row(row);
    const removals = this.#cast.rows
      .slice(row)
      .filter(({ fields: { action } }) => action === 'remove-user' || action === 'delete-group');
    return removals.some(({ subjects: [removed = ''] }) => subjects.includes(removed));
  }

  /** A row that needs a group whose creation is unknown is blocked; v1 refuses changes of admins. */
  #isExcused(row: number, { outcome, reason, message }: RowLine): boolean {
    if (outcome === 'skipped' && (reason === 'blocked' || reason === 'not-found'))
      return this.#row(row).subjects.includes('new group');
    return this.#cast.generation === 'v1' && outcome === 'failed' && /organization admin/.test(message ?? '');
  }
}

function rowLines(report: string): RowLine[] {
  const lines = readFileSync(report, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ReportLine).filter((line): line is RowLine => line.event === 'row');
}
