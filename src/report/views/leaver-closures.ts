// Collects the lines about each leaver. Yields a person after their last line, so that memory only has people with further lines.
import { createHash } from 'node:crypto';
import { endsAccess } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { RowLine, VerificationLine } from '../events.ts';
import { LeaverClosure } from './leaver-closure.ts';

/** Reads the last row lines and their findings; can be called again. */
export type RowsAndFindings = () => AsyncIterable<RowLine | VerificationLine>;

/** Each leaver, in the order of their last lines. A leaver has a row that ends all access. Reads the lines twice. */
export async function* leaverClosures(lines: RowsAndFindings): AsyncGenerator<LeaverClosure> {
  const open = new OpenLeavers(await countLines(lines()));
  for await (const line of lines()) {
    const closure = line.event === 'row' ? open.addRow(line) : open.addFinding(line);
    if (closure !== undefined) yield closure;
  }
}

interface Counts {
  /** Rows by person. */
  readonly rows: KeyTable;
  /** Findings by row key. */
  readonly findings: KeyTable;
  readonly leavers: KeyTable;
}

async function countLines(lines: AsyncIterable<RowLine | VerificationLine>): Promise<Counts> {
  const counts = { rows: new KeyTable('wide'), findings: new KeyTable('wide'), leavers: new KeyTable() };
  for await (const line of lines) {
    if (line.event === 'verification') counts.findings.set(line.key, counts.findings.get(line.key) + 1);
    else if (isClosing(line)) {
      const person = personOf(line);
      counts.rows.set(person, counts.rows.get(person) + 1);
      if (line.action !== null && endsAccess(actions[line.action])) counts.leavers.set(person, 1);
    }
  }
  return counts;
}

interface Open {
  readonly person: string;
  readonly closure: LeaverClosure;
  /** Number of rows and findings still to read. */
  expected: number;
}

class OpenLeavers {
  readonly #counts: Counts;
  readonly #byPerson = new Map<string, Open>();
  /** Rows with findings still to read. */
  readonly #byKey = new Map<string, { readonly open: Open; readonly action: string; expected: number }>();

  constructor(counts: Counts) {
    this.#counts = counts;
  }

  /** Returns the leaver when this was their last line. */
  addRow(line: RowLine): LeaverClosure | undefined {
    const person = isClosing(line) ? personOf(line) : '';
    if (this.#counts.leavers.get(person) === 0) return undefined;
    const open = this.#byPerson.get(person) ?? {
      person,
      closure: new LeaverClosure(),
      expected: this.#counts.rows.get(person),
    };
    this.#byPerson.set(person, open);
    open.closure.addRow(line);
    const findings = this.#counts.findings.get(line.key);
    if (findings > 0) this.#byKey.set(line.key, { open, action: line.action ?? '', expected: findings });
    return this.#settle(open, findings - 1);
  }

  addFinding(line: VerificationLine): LeaverClosure | undefined {
    const row = this.#byKey.get(line.key);
    if (row === undefined) return undefined;
    row.open.closure.addFinding(line, row.action);
    row.expected -= 1;
    if (row.expected === 0) this.#byKey.delete(line.key);
    return this.#settle(row.open, -1);
  }

  #settle(open: Open, change: number): LeaverClosure | undefined {
    open.expected += change;
    if (open.expected > 0) return undefined;
    this.#byPerson.delete(open.person);
    return open.closure;
  }
}

function isClosing({ action, accountId, email }: RowLine): boolean {
  return action !== null && actions[action].closes !== undefined && (accountId ?? email) !== null;
}

/** The key of a row's person. A mismatched row counts for neither person and gets its own line. */
function personOf({ accountId, email, reason }: RowLine): string {
  const who = reason === 'mismatch' ? `${accountId} ${email}` : (accountId ?? email ?? '');
  return createHash('sha256').update(who).digest('hex');
}
