// redactReports: replaces names and addresses in the lines of reports. All views are made from these lines.
import { extname } from 'node:path';
import { actionNames, foldName, leftOutReasons } from '../model.ts';
import type { ReportEvent, ReportLine, RowEnd, RunStart, Verification } from './events.ts';
import { datesOf, pricesOf, productName } from './redact-values.ts';
import { hintWords } from './hints.ts';
import type { ReportSet } from './read/report-set.ts';

/**
 * The same reports with pseudonyms. Ids, dates, counts, codes and hashes are kept. E-mail addresses become `person-1@redacted.invalid`, group
 * names `group-1`, files `manifest-1.csv`: the same one for the same value, numbered as they appear. Free text is left out, because the API
 * and our messages quote names; the parts that decide the hints stay. Unknown fields are left out.
 */
export function redactReports(reports: ReportSet): ReportSet {
  const redactor = new Redactor();
  const shown = (paths: Iterable<string>) => [...paths].map((path) => redactor.file('report', path));
  return {
    paths: shown(reports.paths),
    starts: reports.starts.map((start) => redactor.start(start)),
    empty: shown(reports.empty),
    get torn() {
      return new Set(shown(reports.torn));
    },
    lines: async function* () {
      for await (const line of reports.lines()) yield redactor.line(line);
    },
  };
}

const leftOut = 'words left out by --redact';
const address = /[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+/;
/** Atlassian account ids: `557058:` with a UUID, or 24 hex digits. */
const accountId = /^(\d{3,}:[\w-]+|[0-9a-f]{24})$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const extensions: readonly string[] = ['.csv', '.json', '.ndjson', '.xlsx', '.yaml', '.yml'];

class Redactor {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  line(line: ReportLine): ReportLine {
    return { ...this.#event(line), ...pick(line, ['time', 'runId', 'schema', 'seq', 'h']) };
  }

  #event(line: ReportLine): ReportEvent {
    if (line.event === 'run-start') return this.start(line);
    if (line.event === 'row') return this.#row(line);
    if (line.event === 'run-end') return { ...pick(line, endFields), reason: wordsOf(line.reason) };
    if (line.event === 'verification') return this.#verification(line);
    if (line.event === 'row-sent') return pick(line, ['event', 'key', 'row']);
    return line;
  }

  start(line: RunStart): RunStart {
    const { job, operator, plan, approvals, unmatchedGuards } = line;
    const approvers = approvals?.map(({ approver, time }) => ({ approver: this.#person(approver, 'approver'), time }));
    const guards = unmatchedGuards?.map((entry) => this.#person(entry, 'guard'));
    return {
      ...pick(line, ['event', 'tool', 'version', 'org', 'api', 'directory', 'rehearsal']),
      manifests: line.manifests.map((each) => ({
        ...pick(each, ['sha256', 'rows', 'lines']),
        path: this.file('manifest', each.path),
      })),
      job: job === null ? null : this.file('job', job),
      operator: accountId.test(operator) ? operator : this.#person(operator, 'operator'),
      ...(plan && { plan: { ...pick(plan, ['created', 'sha256']), path: this.file('plan', plan.path) } }),
      ...(approvers && { approvals: approvers }),
      ...(guards && { unmatchedGuards: guards }),
      ...(line.prices && { prices: pricesOf(line.prices) }),
      settings: settingsOf(line.settings),
    };
  }

  #row(line: RowEnd): RowEnd {
    const { reason, error, groupName, reference } = line;
    const code = /^(ADMIN-[A-Z-]*)?\d[\d-]*$/.test(error?.code ?? '') ? (error?.code ?? null) : null;
    const detail = hintWords(`${error?.title ?? ''} ${error?.detail ?? ''}`) ?? null;
    return {
      ...pick(line, [
        'event',
        'key',
        'row',
        'line',
        'action',
        'outcome',
        'reason',
        'status',
        'attempts',
        'ambiguous',
        'ms',
      ]),
      file: this.file('manifest', line.file),
      accountId: line.accountId === null ? null : this.#account(line.accountId),
      email: this.#address(line.email),
      groupId: idOf(line.groupId),
      groupName: groupName === null ? null : this.#group(groupName),
      reference: reference === null ? null : this.#reference(reference),
      message: reason === null ? wordsOf(line.message) : null,
      error: error && { code, title: null, detail, traceId: idOf(error.traceId) },
      requestId: idOf(line.requestId ?? null),
      result: this.#result(line.result),
      fields: this.#fields(line.fields),
    };
  }

  /** Keeps last-active dates, which the page draws, and the groups of a removal. The rest is for undo and names people. */
  #result(result: unknown): unknown {
    if (typeof result !== 'object' || result === null) return null;
    const { before, seats } = result as { readonly before?: { readonly groups?: unknown }; readonly seats?: unknown };
    return {
      ...datesOf(result),
      ...(Array.isArray(seats) ? { seats: seats.map((seat) => this.#seat(seat)) } : {}),
      ...(Array.isArray(before?.groups)
        ? { before: { groups: before.groups.map((group) => this.#groupBefore(group)) } }
        : {}),
    };
  }

  #groupBefore(group: unknown): object {
    const { id, name } = (group ?? {}) as Readonly<Record<string, unknown>>;
    return {
      id: idOf(typeof id === 'string' ? id : null),
      name: typeof name === 'string' && name !== '' ? this.#group(name) : '',
    };
  }

  /** The product, and a pseudonym for each group or role that gives the seat. */
  #seat(seat: unknown): object {
    const { key, id, through, also } = (seat ?? {}) as Readonly<Record<string, unknown>>;
    const shown = {
      key: productName(key),
      id: this.#pseudonym('site', String(id)),
      ...(also === true ? { also } : {}),
    };
    if (!Array.isArray(through)) return shown;
    return { ...shown, through: through.map((way) => this.#wayToSeat(way)) };
  }

  #wayToSeat(way: unknown): object {
    const [id, name] = ['id', 'name'].map((part) => String(((way ?? {}) as Readonly<Record<string, unknown>>)[part]));
    if (id !== undefined && roleOn.test(id)) return { id, name: `the role ${id.split('@')[0]}` };
    const shown = this.#group(name ?? '');
    return { id: idOf(id ?? null) ?? shown, name: shown };
  }

  #fields(fields: RowEnd['fields']): RowEnd['fields'] {
    const kept = Object.entries(fields).map(([name, value]): [string, unknown] => {
      if (name === 'groups' && Array.isArray(value)) return [name, value.map((each) => this.#group(String(each)))];
      if (typeof value === 'number' || typeof value === 'boolean' || plainFields.has(name)) return [name, value];
      return [name, leftOut];
    });
    return Object.fromEntries(kept);
  }

  #verification(line: Verification): Verification {
    const { auditEvent, open } = line;
    const found = auditEvent && { ...pick(auditEvent, ['time']), id: idOf(auditEvent.id) ?? '' };
    return {
      ...pick(line, ['event', 'key', 'checked', 'state']),
      seen: null,
      auditEvent: found && { ...found, action: leftOut, actor: leftOut },
      open: open && {
        ...pick(open, ['apiTokens', 'admin']),
        groups: open.groups?.map((name) => this.#group(name)) ?? null,
        roles: open.roles?.map((role) => (roleOn.test(role) ? role : leftOut)) ?? null,
      },
    };
  }

  file(kind: 'manifest' | 'report' | 'job' | 'plan', path: string): string {
    const extension = extensions.find((each) => each === extname(path).toLowerCase()) ?? '';
    return `${this.#pseudonym(kind, path)}${extension}`;
  }

  #person(text: string, kind: string): string {
    return address.test(text) ? (this.#address(text) ?? '') : this.#pseudonym(kind, text);
  }

  #address(email: string | null): string | null {
    return email === null ? null : `${this.#pseudonym('person', email.toLowerCase())}@redacted.invalid`;
  }

  /** A manifest may have anything as account id, such as a name. */
  #account(id: string): string {
    return accountId.test(id) ? id : this.#pseudonym('account', id);
  }

  #group(name: string): string {
    return uuid.test(name) ? name : this.#pseudonym('group', foldName(name));
  }

  /** A number with at most five capitals before it is a ticket or an employee's number; anything else may be a name. */
  #reference(text: string): string {
    return /^[A-Z]{0,5}[-_#/]?\d{1,15}$/.test(text) ? text : this.#pseudonym('reference', text);
  }

  #pseudonym(kind: string, value: string): string {
    const pseudonym = this.#names.get(`${kind} ${value}`);
    if (pseudonym !== undefined) return pseudonym;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    this.#names.set(`${kind} ${value}`, `${kind}-${number}`);
    return `${kind}-${number}`;
  }
}

/** Parameters that name nobody. */
const plainFields = new Set(['role', 'roles', 'resource', 'notBefore', 'products']);
const roleOn = /^atlassian\/[a-z-]+@ari:cloud:[\w:/-]+$/;

function idOf(id: string | null): string | null {
  return id !== null && /^[\w|:.-]{1,128}$/.test(id) ? id : null;
}

/** The parts of a message that the hints need, or null. */
function wordsOf(text: string | null): string | null {
  if (text === null) return null;
  if (/^(SIG[A-Z]{3,4}|not before [\dTZUC :.-]+)$/.test(text)) return text;
  return hintWords(text) ?? leftOut;
}

const endFields = [
  'event',
  'outcome',
  'counts',
  'requests',
  'throttled',
  'throttledMs',
  'waits',
  'seconds',
  'unsent',
  'leftOut',
] as const;

/** The named fields, if present. Fields of newer versions are dropped. */
function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]])) as Pick<T, K>;
}

const settingWords: ReadonlySet<unknown> = new Set([...actionNames, ...leftOutReasons]);

/** Numbers, switches, and lists of actions and reasons; addresses and other texts are left out. */
function settingsOf(settings: RunStart['settings']): RunStart['settings'] {
  const isPlain = (value: unknown): boolean =>
    value === null || typeof value === 'number' || typeof value === 'boolean' || settingWords.has(value);
  const isKept = (value: unknown): boolean =>
    typeof value === 'object' && value !== null ? Object.values(value).every(isPlain) : isPlain(value);
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => isKept(value)));
}
