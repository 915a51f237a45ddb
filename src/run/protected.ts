// The protected by every name they have: a list says an e-mail or a group's name, a row may say the id. Asked once, before rows are planned.
import type { Directory, Found } from '../directory/directory.ts';
import { LeaversError } from '../errors.ts';
import type { GuardSettings } from '../options.ts';
import { foldName } from '../record.ts';

const id = /^(\d{1,8}:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{24}$/;

/** The guards with the ids of whoever the list and the operator name. Without a directory, or with ids alone, they stay as they are. */
export async function withIds(guards: GuardSettings, directory: Directory | undefined): Promise<GuardSettings> {
  const operator = foldName(guards.operator);
  const names = [...guards.protect, operator].filter((name) => !id.test(name));
  const emails = new Set(names.filter((name) => name.includes('@')));
  const groupNames = new Set([...guards.protect].filter((name) => !id.test(name) && !name.includes('@')));
  if (directory === undefined || emails.size + groupNames.size === 0) return guards;
  const wanted = { emails, groupNames, accountIds: new Set<string>(), memberships: false, products: false };
  const found = await directory.lookUp(wanted);
  for (const [name, { status, error }] of found.refused) {
    if (!guards.protect.has(name)) continue;
    const why = error.detail ?? error.title ?? 'without a reason';
    const message = `${name} is to be protected, but the directory refuses to look for it (HTTP ${status}: ${why}); correct it in the list`;
    throw new LeaversError('config', message);
  }
  const ids = [...guards.protect].flatMap((name) => idsOf(name, found));
  return { ...guards, protect: new Set([...guards.protect, ...ids]), operatorIds: idsOf(operator, found) };
}

/** Everybody whom a name may mean is protected. */
function idsOf(name: string, { people, groups, several }: Found): string[] {
  const ids = [people.get(name)?.accountId, groups.get(name)?.groupId, ...(several.get(name) ?? [])];
  return ids.filter((each) => each !== undefined).map(foldName);
}
