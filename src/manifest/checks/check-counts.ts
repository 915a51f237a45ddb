// CheckCounts: counts the rows of a pass and collects its issues: the first hundred in full, then counts by cause.
import type { ActionName, FieldName } from '../../model.ts';
import { NamedPeople } from './named-people.ts';
import { sentence, type Issue, type Row } from '../rows/row.ts';

/** Issues listed in full. */
const maxIssues = 100;

const nameColumns = ['accountId', 'email', 'groupId', 'groupName'] as const;

export interface Counts {
  readonly rows: number;
  readonly records: number;
  readonly duplicates: number;
  readonly invalid: number;
  readonly byAction: Readonly<Partial<Record<ActionName, number>>>;
}

/** Facts about all rows that planning needs before it starts. */
export interface RowsOverview {
  /** The actions of valid rows. */
  readonly actions: readonly ActionName[];
  /** The same change may occur twice with two dates, once by id and once by name. */
  readonly mayBeRedated: boolean;
  /** A person may be named by id and by e-mail. */
  readonly mayNameTwice: boolean;
  /** Some row has onlyIfInactiveDays. */
  readonly hasCondition: boolean;
  readonly people: NamedPeople;
}

export class CheckCounts {
  #rows = 0;
  #records = 0;
  #duplicates = 0;
  #invalid = 0;
  readonly #byAction: Partial<Record<ActionName, number>> = {};
  readonly #byFile = new Map<string, number>();
  readonly #issues: Issue[] = [];
  readonly #causes = new Map<string, number>();
  #redated = false;
  #hasCondition = false;
  readonly #people = new NamedPeople();
  #dated = false;
  /** Columns that identify people and groups. */
  readonly #names = new Set<FieldName>();
  #last = '';
  #all = 0;

  add(row: Row): void {
    this.#rows += 1;
    const file = row.kind === 'invalid' ? row.file : row.record.file;
    this.#byFile.set(file, this.rowsIn(file) + 1);
    if (row.kind === 'invalid') {
      this.#invalid += 1;
      row.issues.forEach((issue) => this.addIssue(issue));
      return;
    }
    if (row.kind === 'duplicate') this.#duplicates += 1;
    else this.#records += 1;
    const { action, fields } = row.record;
    if (row.kind !== 'record') return;
    this.#byAction[action] = (this.#byAction[action] ?? 0) + 1;
    this.#redated ||= row.redated === true;
    this.#dated ||= fields.notBefore !== undefined;
    this.#hasCondition ||= fields.onlyIfInactiveDays !== undefined;
    this.#people.add(row.record);
    for (const name of nameColumns) if (fields[name] !== undefined) this.#names.add(name);
  }

  /** Counts an issue; one that the steps of a job repeat counts once. */
  addIssue(issue: Issue): void {
    const text = sentence(issue);
    if (text === this.#last) return;
    this.#last = text;
    this.#all += 1;
    this.#causes.set(issue.cause, (this.#causes.get(issue.cause) ?? 0) + 1);
    if (this.#issues.length < maxIssues) this.#issues.push(issue);
  }

  rowsIn(file: string): number {
    return this.#byFile.get(file) ?? 0;
  }

  get counts(): Counts {
    const [rows, records, duplicates, invalid] = [this.#rows, this.#records, this.#duplicates, this.#invalid];
    return { rows, records, duplicates, invalid, byAction: { ...this.#byAction } };
  }

  /** The actions of valid rows. */
  get actions(): ActionName[] {
    return Object.keys(this.#byAction) as ActionName[];
  }

  /** True when a change occurs twice with two dates. */
  get redated(): boolean {
    return this.#redated;
  }

  get overview(): RowsOverview {
    const mayNameTwice = this.#hasBoth('accountId', 'email');
    const mayBeRedated = this.#dated && (mayNameTwice || this.#hasBoth('groupId', 'groupName'));
    const [hasCondition, people] = [this.#hasCondition, this.#people];
    return { actions: this.actions, mayBeRedated, mayNameTwice, hasCondition, people };
  }

  #hasBoth(id: FieldName, name: FieldName): boolean {
    return this.#names.has(id) && this.#names.has(name);
  }

  /** The first hundred issues. */
  get issues(): readonly Issue[] {
    return this.#issues;
  }

  /** The text of all issues, or undefined. */
  get report(): string | undefined {
    if (this.#all === 0) return undefined;
    const lines = this.#issues.map(sentence);
    const more = this.#all - lines.length;
    if (more > 0) lines.push(`and ${more} more; all ${this.#all} by cause:`, ...this.#byCause());
    return lines.join('\n');
  }

  #byCause(): string[] {
    const causes = [...this.#causes].toSorted(([, a], [, b]) => b - a);
    return causes.map(([cause, count]) => `  ${count} × ${cause}`);
  }
}
