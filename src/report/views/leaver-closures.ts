// Collects the lines about each leaver. Yields a person after their last line, so that memory only has people with further lines.
import { type Action, endsAccess } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { KeyTable } from '../../storage/key-table.ts';
import type { RowLine, VerificationLine } from '../events.ts';
import { LeaverClosure } from './leaver-closure.ts';
import { PersonIndex } from './person-index.ts';

/** Reads the last row lines and their findings; can be called again. */
export type RowsAndFindings = () => AsyncIterable<RowLine | VerificationLine>;

/** The scope of a run: rows about one person in two organizations belong to two leavers. */
export type ScopeOf = (runId: string) => string;

/** Each leaver, in the order of their last lines. A leaver has a row that ends all access. Reads the lines twice. */
export async function* leaverClosures(lines: RowsAndFindings, scopeOf: ScopeOf): AsyncGenerator<LeaverClosure> {
  const open = new OpenLeavers(await countLines(lines(), scopeOf), scopeOf);
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

async function countLines(lines: AsyncIterable<RowLine | VerificationLine>, scopeOf: ScopeOf): Promise<Counts> {
  const people = new PersonIndex();
  const counts = { rows: new KeyTable('wide'), findings: new KeyTable('wide'), leavers: new KeyTable() };
  for await (const line of lines) {
    if (line.event === 'verification') counts.findings.set(line.key, counts.findings.get(line.key) + 1);
    else if (isAboutAccess(line)) {
      const person = String(people.numberOf(scopeOf(line.runId), line));
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

  readonly #people = new PersonIndex();
  readonly #scopeOf: ScopeOf;

  constructor(counts: Counts, scopeOf: ScopeOf) {
    this.#counts = counts;
    this.#scopeOf = scopeOf;
  }

  /** Returns the leaver when this was their last line. */
  addRow(line: RowLine): LeaverClosure | undefined {
    const person = isAboutAccess(line) ? String(this.#people.numberOf(this.#scopeOf(line.runId), line)) : '';
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

/** Whether the row ends a part of somebody's access or gives one back. A newer version may have written actions that are not known here. */
function isAboutAccess({ action, accountId, email }: RowLine): boolean {
  if (action === null || !(action in actions) || (accountId ?? email) === null) return false;
  const { closes, givesBack }: Action = actions[action];
  return closes !== undefined || givesBack !== undefined;
}
