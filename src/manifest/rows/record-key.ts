// recordKey: the hash that identifies a record, independent of its place in the file.
import { hash } from 'node:crypto';
import { foldName, type RoleAssociation } from '../../model.ts';
import type { Valid } from './validate.ts';

/** Separator between parts; fields of one line can't contain it. */
const unit = '\u001f';
const item = '\u001e';

/**
 * Action, subject and parameters as one text. Conditions (notBefore, onlyIfInactiveDays, products) and the reference are left out,
 * so that a postponed or relabelled row keeps its key.
 */
export function canonical({ action, fields }: Valid): string {
  const { accountId, email, groupId, groupName, role, resource, roles, groups } = fields;
  const parts = [
    action,
    accountId ?? email ?? '',
    groupId?.toLowerCase() ?? (groupName === undefined ? '' : foldName(groupName)),
    role ?? '',
    resource ?? '',
    roles === undefined ? '' : roles.map(pair).toSorted().join(item),
    fields.description ?? '',
    fields.force ? 'force' : '',
    fields.sendNotification ?? '',
    fields.notificationText ?? '',
    groups === undefined ? '' : groups.map(foldName).toSorted().join(item),
  ];
  // Rows without the column keep the key from before the column existed.
  return (fields.message === undefined ? parts : [...parts, fields.message]).join(unit);
}

/** The first 32 hex digits of SHA-256 over the text and its occurrence (1 is the first). */
export function recordKey(text: string, occurrence: number): string {
  return hash('sha256', `${text}${unit}${occurrence}`, 'hex').slice(0, 32);
}

function pair({ role, resource }: RoleAssociation): string {
  return `${role}@${resource}`;
}
