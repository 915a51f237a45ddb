// The audit log of the simulated organization: an event for each effective change, with the irregularities of a real log.
import type { AuditNote } from './audit-actions.ts';
import { idFrom } from './roles-and-ids.ts';
import type { Organization } from './organization.ts';

/** Irregularities: an event is missing, is written twice, or names another actor than the key. */
export type AuditTrouble = 'missing' | 'doubled' | 'foreign';

export interface AuditOptions {
  /** Delay until an event is processed and shown. Default: 0. */
  readonly delayMs?: number;
  /** The label of the key, `leavers` when absent. */
  readonly keyLabel?: string;
  /** By account id, or by group id for changes of a group alone. */
  readonly trouble?: (subject: string) => AuditTrouble | undefined;
}

export interface AuditEvent {
  readonly id: string;
  readonly time: number;
  readonly processedAt: number;
  readonly note: AuditNote;
  readonly actor: object;
  /** People, groups and products with their names. */
  readonly context: readonly object[];
}

export interface AuditLog {
  /** Records a change at `at` (epoch ms), before it is applied, so that a deleted group still has its name. */
  record(note: AuditNote, organization: Organization, at: number): void;
  /** The events processed up to `now`, in the order of their processing. */
  shown(now: number): readonly AuditEvent[];
}

const owner = { id: '557058:key-owner', name: 'Owner of the key', email: 'key.owner@example.com' };
const stranger = { id: '557058:stranger', name: 'Another admin', email: 'another.admin@example.com' };

/** Opens an empty log. */
export function openAuditLog({
  delayMs = 0,
  keyLabel = 'leavers',
  trouble = () => undefined,
}: AuditOptions = {}): AuditLog {
  const events: AuditEvent[] = [];
  const own = { ...owner, auth: { authType: 'api-token', tokenId: idFrom(`token ${keyLabel}`), tokenLabel: keyLabel } };
  const record: AuditLog['record'] = (note, organization, at) => {
    const kind = trouble(note.person ?? note.group ?? '');
    if (kind === 'missing') return;
    const actor = kind === 'foreign' ? stranger : own;
    const context = contextOf(note, organization);
    for (let copy = kind === 'doubled' ? 2 : 1; copy > 0; copy -= 1) {
      const id = idFrom(`event ${events.length} ${JSON.stringify(note)}`);
      events.push({ id, time: at, processedAt: at + delayMs, note, actor, context });
    }
  };
  return { record, shown: (now) => events.filter(({ processedAt }) => processedAt <= now) };
}

function contextOf(
  { person, group, resources = [], email, name }: AuditNote,
  { people, groups }: Organization,
): object[] {
  const found = people.get(person ?? '');
  const address = found?.email ?? email;
  const attributes = { name: found?.name ?? name ?? address, ...(address === undefined ? {} : { email: address }) };
  return [
    ...(person === undefined ? [] : [{ id: `ari:cloud:identity::user/${person}`, type: 'users', attributes }]),
    ...(group === undefined
      ? []
      : [
          {
            id: `ari:cloud:identity::group/${group}`,
            type: 'groups',
            attributes: { name: groups.get(group)?.name ?? name },
          },
        ]),
    ...resources.map((id) => ({ id, type: 'products', attributes: {} })),
  ];
}
