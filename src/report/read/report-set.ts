// Merges several reports in order of time, whatever the order of the arguments. Reports torn lines.
import { statSync } from 'node:fs';
import { InputError, LeaversError } from '../../errors.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { ReportLine, RowLine, RunStart, VerificationLine } from '../events.ts';
import { atStart, type Progress, readReport } from './read-lines.ts';

export interface ReportSet {
  /** In the order of their first lines. */
  readonly paths: readonly string[];
  readonly starts: readonly RunStart[];
  /** All lines, read from the files on each call. */
  lines(): AsyncGenerator<ReportLine>;
  /** Reports with a torn last line; known after reading them to the end. */
  readonly torn: ReadonlySet<string>;
  /** Reports without a line, whose run was refused before it began. */
  readonly empty: readonly string[];
}

/** Opens reports by their first lines. Throws `missing` (66) or InputError (65) for a file that is not a report. */
export async function openReportSet(paths: readonly string[]): Promise<ReportSet> {
  const all = [...new Set(paths)];
  for (const path of all) refusePipe(path);
  const empty = all.filter(isEmpty);
  const read = empty.length === all.length ? all : all.filter((path) => !empty.includes(path));
  const heads = await Promise.all(read.map(async (path) => ({ path, line: await readHead(path) })));
  const sorted = heads.toSorted((a, b) => a.line.time.localeCompare(b.line.time));
  const torn = new Set<string>();
  return {
    torn,
    empty,
    paths: sorted.map(({ path }) => path),
    starts: sorted.map(({ line }) => line),
    lines: () =>
      readMerged(
        sorted.map(({ path, line: { time } }) => ({ path, time })),
        torn,
      ),
  };
}

/** A report is read several times, and a pipe only once. Throws `missing` (66). */
function refusePipe(path: string): void {
  let isPipe = false;
  try {
    isPipe = statSync(path).isFIFO();
  } catch {
    // Named when it is read.
  }
  if (isPipe)
    throw new LeaversError(
      'missing',
      `${path}: the report is a pipe, which can be read only once; save it to a file first`,
    );
}

/** What can't be looked at is named when it is read. */
function isEmpty(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size === 0;
  } catch {
    return false;
  }
}

async function readHead(path: string): Promise<RunStart & { time: string }> {
  try {
    for await (const line of readReport(path)) if (line.event === 'run-start') return line;
  } catch (error) {
    // A wrong input (65), not a taken path (73), because nothing is written here.
    if (error instanceof LeaversError && error.kind === 'report')
      throw new InputError(`${path} is not a report of leavers; name the file that a run has written`);
    throw error;
  }
  throw new InputError(`${path} holds no run; name the file that a run has written`);
}

/** A sentence for each report with a torn last line; complete after reading all lines. */
export function describeTornLines({ torn, empty }: ReportSet): string[] {
  return [
    ...empty.map((path) => `${path}: the report is empty; it is skipped`),
    ...[...torn].map((path) => `${path}: the last line is torn, as by a crash; it is ignored`),
  ];
}

/** Throws LeaversError `usage` for reports of several organizations, whose rows can't form one manifest. */
export function refuseMixedOrganizations({ starts }: ReportSet, purpose: string): void {
  const orgs = [...new Set(starts.map(({ org }) => org))];
  if (orgs.length > 1)
    throw new LeaversError(
      'usage',
      `the reports are for ${orgs.length} organizations (${orgs.join(', ')}), but ${purpose} is for one; name the reports of one organization`,
    );
}

/** The last row line of each key. Reads the reports twice, with a few bytes of memory per row. */
export async function* lastRows(reports: Pick<ReportSet, 'lines'>): AsyncGenerator<RowLine> {
  for await (const line of lastRowsAndFindings(reports)) if (line.event === 'row') yield line;
}

/** The last row line of each key, each followed by its findings. */
export async function* lastRowsAndFindings(
  reports: Pick<ReportSet, 'lines'>,
): AsyncGenerator<RowLine | VerificationLine> {
  const places = new KeyTable('wide');
  let place = 0;
  for await (const line of reports.lines()) if (line.event === 'row') places.set(line.key, (place += 1));
  place = 0;
  for await (const line of reports.lines())
    if (line.event === 'row') {
      if (places.get(line.key) !== (place += 1)) continue;
      places.set(line.key, passed);
      yield line;
    } else if (line.event === 'verification' && places.get(line.key) === passed) yield line;
}

/** Marks a row that was already yielded. */
const passed = 2 ** 32 - 1;

/** A report, and the time of its first line. */
interface StartedRun {
  readonly path: string;
  readonly time: string;
}

interface Open {
  readonly path: string;
  readonly progress: Progress;
  readonly lines: AsyncGenerator<ReportLine>;
  next: ReportLine | undefined;
}

/** All lines, earliest first; lines of one report keep their order. Opens a report only when its time is reached. Adds reports with a torn last line to `torn`. */
async function* readMerged(reports: readonly StartedRun[], torn: Set<string>): AsyncGenerator<ReportLine> {
  const waiting = [...reports];
  const open = new Set<Open>();
  try {
    for (;;) {
      const first = earliest(open);
      const [begun] = waiting;
      if (begun !== undefined && (first?.next === undefined || begun.time < first.next.time)) {
        waiting.shift();
        await advance(openReport(begun, open), { open, torn });
      } else if (first?.next === undefined) return;
      else {
        yield first.next;
        await advance(first, { open, torn });
      }
    }
  } finally {
    for (const { lines } of open) await lines.return(undefined);
  }
}

function earliest(open: ReadonlySet<Open>): Open | undefined {
  let first: Open | undefined;
  for (const each of open)
    if (first?.next === undefined || (each.next !== undefined && each.next.time < first.next.time)) first = each;
  return first;
}

function openReport({ path }: StartedRun, open: Set<Open>): Open {
  const progress = atStart();
  const report: Open = { path, progress, lines: readReport(path, progress), next: undefined };
  open.add(report);
  return report;
}

async function advance(report: Open, { open, torn }: { open: Set<Open>; torn: Set<string> }): Promise<void> {
  const { done, value } = await report.lines.next();
  if (done !== true) {
    report.next = value;
    return;
  }
  open.delete(report);
  if (report.progress.torn) torn.add(report.path);
}
