// ClosedAccess: the parts of one leaver's access that rows closed, and those that a later row restored.
import { type Action, type Closed, endsAccess } from '../../actions/action.ts';
import { actions } from '../../actions/action-table.ts';
import { heldIn, keyOf as roleKey } from '../../actions/current-roles.ts';
import { orgAdmin } from '../../actions/requests.ts';
import { type ActionName, foldName } from '../../model.ts';
import type { RowLine } from '../events.ts';

/** Cells about closed access: the time, or the outcome if it was not closed, and the time when it was given back. */
export interface ClosedCells {
  readonly suspended?: string;
  readonly removed?: string;
  readonly deactivated?: string;
  readonly admin?: string;
  readonly tokens?: string;
  readonly groups: readonly string[];
  readonly directRoles: readonly string[];
}

/** A later row that restored closed access. */
export interface GivenBack {
  readonly action: ActionName;
  /** ISO 8601. */
  readonly time: string;
  /** False when it is unknown whether the row was carried out. */
  readonly isCertain: boolean;
}

/** The row that closed something, and what gave it back. */
export interface ClosedPart {
  readonly line: RowLine;
  /** As the cell has it. */
  readonly text: string;
  back?: GivenBack | undefined;
}

/** One of several: a group or a role, by all of its names. */
interface ListedPart extends ClosedPart {
  readonly names: readonly string[];
}

type Single = Exclude<Closed, 'groups' | 'roles'> | 'admin';

export class ClosedAccess {
  /** In the order in which they were closed. */
  readonly #singles = new Map<Single, ClosedPart>();
  readonly #groups: ListedPart[] = [];
  readonly #roles: ListedPart[] = [];

  /** Rows come in the order of their time. */
  add(line: RowLine): void {
    if (line.action === null) return;
    const { closes, givesBack = [] }: Action = actions[line.action];
    if (closes === 'groups') this.#groups.push({ names: groupNamesOf(line), line, text: partOf(nameOf(line), line) });
    else if (closes === 'roles') this.#closeRole(line);
    else if (closes !== undefined) this.#close(closes, line);
    if (closes === 'removed' && line.outcome === 'done') this.#addRemoved(line);
    const back = backOf(line, line.action);
    if (back === undefined) return;
    // An invitation restores a removed person; its effect on a suspension alone is unknown.
    const isReturn = !givesBack.includes('removed') || this.#holds('removed');
    for (const kind of givesBack)
      this.#giveBack(kind, line, kind === 'suspended' ? { ...back, isCertain: back.isCertain && isReturn } : back);
  }

  /** Records that `verify` found the access closed, as this row reports. */
  confirm(key: string): void {
    for (const part of this.#singles.values()) if (part.line.key === key) part.back = undefined;
  }

  /**
   * The row of the person's line: the first with the best outcome that ends all access and was not given back, else the last one
   * that was.
   */
  get main(): ClosedPart | undefined {
    const ends = [...this.#singles].flatMap(([kind, part]) =>
      kind !== 'admin' && endsAccess({ closes: kind }) ? [part] : [],
    );
    const best = ends
      .filter(({ back }) => back === undefined)
      .toSorted((a, b) => rankOf(b.line) - rankOf(a.line))
      .at(0);
    if (best !== undefined && isClosed(best.line)) return best;
    return ends.findLast(({ back }) => back !== undefined) ?? best;
  }

  get cells(): ClosedCells {
    return {
      ...Object.fromEntries([...this.#singles].map(([kind, part]) => [kind, wordsOf(part)])),
      groups: this.#groups.map(wordsOf),
      directRoles: this.#roles.map(wordsOf),
    };
  }

  #holds(kind: Single): boolean {
    const part = this.#singles.get(kind);
    return part !== undefined && isClosed(part.line);
  }

  /** Of several rows with the same effect, the first with the best outcome counts, unless it was given back. */
  #close(kind: Single, line: RowLine): void {
    const before = this.#singles.get(kind);
    if (before !== undefined && before.back === undefined && rankOf(line) <= rankOf(before.line)) return;
    if (before?.back !== undefined && !isClosed(line)) return;
    this.#singles.delete(kind);
    this.#singles.set(kind, { line, text: kind === 'tokens' ? tokensOf(line) : endOf(line) });
  }

  #closeRole(line: RowLine): void {
    const [name, isAdmin] = [roleOf(line), line.fields['role'] === orgAdmin];
    if (isAdmin) this.#close('admin', line);
    else this.#roles.push({ names: [name], line, text: partOf(name, line) });
  }

  /** A removal ends groups and direct roles too; they were read before. */
  #addRemoved(line: RowLine): void {
    for (const names of groupsBefore(line.result))
      this.#groups.push({ names: names.map(foldName), line, text: partOf(names[0] ?? '', line) });
    for (const name of (heldIn(line.result) ?? []).map(roleKey))
      this.#roles.push({ names: [name], line, text: partOf(name, line) });
  }

  #giveBack(kind: Closed, line: RowLine, back: GivenBack): void {
    if (kind === 'groups') giveBackListed(this.#groups, groupNamesOf(line), back);
    else if (kind !== 'roles') giveBackOne(this.#singles.get(kind), back);
    else if (line.fields['role'] === orgAdmin) giveBackOne(this.#singles.get('admin'), back);
    else giveBackListed(this.#roles, [roleOf(line)], back);
  }
}

function giveBackListed(parts: readonly ListedPart[], names: readonly string[], back: GivenBack): void {
  for (const part of parts) if (part.names.some((name) => names.includes(name))) giveBackOne(part, back);
}

function giveBackOne(part: ClosedPart | undefined, back: GivenBack): void {
  if (part === undefined || !isClosed(part.line)) return;
  if (part.back === undefined || back.isCertain) part.back = back;
}

/** The access that a row gave back; undefined when it certainly gave back none. */
function backOf({ outcome, ambiguous, time }: RowLine, action: ActionName): GivenBack | undefined {
  const isCertain = outcome === 'done' || outcome === 'already';
  return isCertain || ambiguous || outcome === 'unknown' ? { action, time, isCertain } : undefined;
}

/** `given back by restore-user on 2026-11-24T12:00:00.000Z`. */
export function backWords({ action, time, isCertain }: GivenBack): string {
  return isCertain ? `given back by ${action} on ${time}` : `it may have been given back by ${action} on ${time}`;
}

function wordsOf({ text, back }: ClosedPart): string {
  return back === undefined ? text : `${text} (${backWords(back)})`;
}

/** Folded names and ids of the group of a row, or of the groups of an invitation. */
function groupNamesOf({ groupId, groupName, fields }: RowLine): string[] {
  const invited = Array.isArray(fields['groups']) ? fields['groups'].map(String) : [];
  return [groupId, groupName, ...invited].flatMap((name) => (name === null ? [] : foldName(name)));
}

function nameOf({ groupId, groupName }: RowLine): string {
  return groupName ?? groupId ?? '';
}

function roleOf({ fields }: RowLine): string {
  return roleKey({ role: String(fields['role']), resource: String(fields['resource']) });
}

/** Name and id of each group in a row's `result`, whose type is not checked elsewhere. */
function groupsBefore(result: unknown): string[][] {
  const { before } = (result ?? {}) as { before?: { groups?: unknown } | null };
  const groups = before?.groups;
  if (!Array.isArray(groups)) return [];
  return (groups as ({ id?: unknown; name?: unknown } | null)[]).map((group) =>
    [group?.name, group?.id].filter((name) => typeof name === 'string' && name !== '').map(String),
  );
}

/** When the tokens were revoked, with their labels, and a note about an attempt that stopped halfway. */
function tokensOf(line: RowLine): string {
  const { tokens, earlierUnknown } = (line.result ?? {}) as { tokens?: unknown; earlierUnknown?: unknown };
  const all = Array.isArray(tokens) ? (tokens as ({ label?: unknown } | null)[]) : [];
  const labels = all.length === 0 ? [] : [`(${all.map((token) => String(token?.label)).join(', ')})`];
  const unknown = earlierUnknown === true ? ['and an unknown number by an attempt that broke off'] : [];
  return [endOf(line), ...labels, ...unknown].join(' ');
}

/** Rank of an outcome: done, then already, then any other. */
function rankOf({ outcome }: RowLine): number {
  if (outcome === 'done') return 3;
  return outcome === 'already' ? 2 : 1;
}

function isClosed({ outcome }: RowLine): boolean {
  return outcome === 'done' || outcome === 'already';
}

/** The time of completion, or the outcome. */
function endOf({ outcome, reason, time }: RowLine): string {
  if (outcome === 'done') return time;
  if (outcome === 'already') return `already before ${time}`;
  return reason === null ? outcome : `${outcome} (${reason})`;
}

function partOf(name: string, line: RowLine): string {
  return `${name} ${endOf(line)}`;
}
