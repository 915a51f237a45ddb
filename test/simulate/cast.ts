// What a seed is about: people, groups, the rows of the manifest with the calls that belong to each, and the flags.
import { group, person, site, stateOf } from '../support/organization.ts';
import { type OrgState, parseOrgState } from '../../src/sandbox/state-file.ts';
import type { Generation } from '../../src/model.ts';
import type { Random } from './random.ts';

/** One request to the organization. */
export interface Sent {
  readonly method: string;
  /** Decoded, from `/v1` or `/v2` on. */
  readonly path: string;
  readonly body: string;
}

/** A row of the manifest and what the simulation knows about it. */
export interface CastRow {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whom it is about: rows that share one keep their order. */
  readonly subjects: readonly string[];
  /** Whether a request carries out this row. */
  readonly claims: (sent: Sent) => boolean;
  readonly creates: boolean;
  /** It may not be carried out, because the person is protected. */
  readonly guarded: boolean;
}

export interface Cast {
  readonly rows: readonly CastRow[];
  readonly state: OrgState;
  readonly generation: Generation;
  /** Lines of the protect file. */
  readonly protect: readonly string[];
  readonly flags: readonly string[];
}

const groups = 4;

/** Chooses everything but the faults. */
export function chooseCast(random: Random): Cast {
  const generation = random.pick(['v1', 'v2'] as const);
  const people = random.int(3, 12);
  const numbers = Array.from({ length: people }, (_, n) => n);
  const suspended = numbers.filter(() => random.chance(0.2));
  const admins = numbers.filter(() => random.chance(0.1));
  const listed = numbers.filter(() => random.chance(0.15));
  // Only v2 shows who is an admin; on v1 the API itself refuses.
  const guarded = new Set([...listed, ...(generation === 'v2' ? admins : [])]);
  const state = parseOrgState(
    stateOf({ people: people + 1, groups, change: (raw) => prepare(raw, { suspended, admins, random }) }),
    'simulation',
  );
  const rows = numbers.flatMap((n) => personRows(n, { random, guarded, suspended: suspended.includes(n) }));
  return {
    rows: shuffleSubjects([...rows, ...newcomerRows(random), ...groupRows(random, people)], random),
    state,
    generation,
    protect: listed.map((n) => (random.chance(0.5) ? person(n).email : person(n).accountId)),
    flags: chooseFlags(random),
  };
}

function chooseFlags(random: Random): string[] {
  return [
    ['--rate', random.pick(['none', 'none', '20/s', '300/m'])],
    ['--concurrency', String(random.pick([1, 2, 4, 8]))],
    ['--retries', String(random.int(0, 4))],
    ['--timeout', random.pick(['5s', '30s'])],
    ...(random.chance(0.8) ? [['--max-failures', '100%']] : []),
    ...(random.chance(0.1) ? [['--max-duration', '2m']] : []),
  ].flat();
}

interface Prepared {
  readonly suspended: readonly number[];
  readonly admins: readonly number[];
  readonly random: Random;
}

function prepare(raw: Record<string, unknown>, { suspended, admins, random }: Prepared): void {
  for (const [n, one] of (raw['people'] as Record<string, unknown>[]).entries()) {
    if (suspended.includes(n)) one['status'] = 'suspended';
    if (admins.includes(n)) one['orgAdmin'] = true;
    if (random.chance(0.5)) one['groups'] = [group(0).groupId, group(1).groupId];
    one['claimed'] = random.chance(0.7);
  }
}

/** By e-mail or by account id: both have to be looked up in the same way. */
const named = (n: number, random: Random) =>
  random.chance(0.5) ? { email: person(n).email } : { accountId: person(n).accountId };

type Made = Pick<CastRow, 'fields' | 'claims'> & { readonly groups?: readonly number[] };

function personRows(
  n: number,
  { random, guarded, suspended }: { random: Random; guarded: ReadonlySet<number>; suspended: boolean },
): CastRow[] {
  const { accountId } = person(n);
  const on = (verb: string) => (sent: Sent) =>
    sent.method === 'POST' && new RegExp(`/users/${accountId}/${verb}(-access)?$`).test(sent.path);
  const role = { role: 'atlassian/user', resource: site };
  const made: Made[] = [];
  if (random.chance(0.4)) made.push(join(n, { random, to: 2 }));
  if (random.chance(0.4)) made.push(leave(n, { random, from: 1 }));
  if (random.chance(0.2))
    made.push({
      fields: { action: 'grant-user-role', ...named(n, random), ...role },
      claims: ({ method, path }) => method === 'POST' && path.endsWith(`/users/${accountId}/roles/assign`),
    });
  const last = random.int(0, 3);
  if (last === 0) made.push({ fields: { action: 'suspend-user', ...named(n, random) }, claims: on('suspend') });
  if (last === 1 && suspended)
    made.push({ fields: { action: 'restore-user', ...named(n, random) }, claims: on('restore') });
  if (last === 2)
    made.push({
      fields: { action: 'remove-user', ...named(n, random) },
      claims: ({ method, path }) => method === 'DELETE' && path.endsWith(`/users/${accountId}`),
    });
  return made.map(({ groups: touched = [], ...row }) => ({
    ...row,
    subjects: [`person ${n}`, ...touched.map((each) => `group ${each}`)],
    creates: false,
    guarded: guarded.has(n),
  }));
}

function join(n: number, { random, to }: { random: Random; to: number }): Made {
  const { groupId, groupName } = group(to);
  return {
    fields: { action: 'add-user-to-group', ...named(n, random), ...(random.chance(0.5) ? { groupId } : { groupName }) },
    claims: ({ method, path, body }) =>
      method === 'POST' && path.endsWith(`/groups/${groupId}/memberships`) && body.includes(person(n).accountId),
    groups: [to],
  };
}

function leave(n: number, { random, from }: { random: Random; from: number }): Made {
  const { groupId } = group(from);
  return {
    fields: { action: 'remove-user-from-group', ...named(n, random), groupId },
    claims: ({ method, path }) =>
      method === 'DELETE' && path.endsWith(`/groups/${groupId}/memberships/${person(n).accountId}`),
    groups: [from],
  };
}

/** Invitations: what must not happen twice. */
function newcomerRows(random: Random): CastRow[] {
  return Array.from({ length: random.int(0, 3) }, (_, n) => {
    const email = `new${n}@example.com`;
    return {
      fields: { action: 'invite-user', email, sendNotification: false },
      subjects: [`newcomer ${n}`],
      claims: ({ path, body }) => path.endsWith('/users/invite') && body.includes(`"${email}"`),
      creates: true,
      guarded: false,
    };
  });
}

/** A new group with its first member, a role for a group that is there, and a group to delete. */
function groupRows(random: Random, member: number): CastRow[] {
  const shared = { guarded: false };
  const known = Array.from({ length: groups }, (_, n) => group(n).groupId);
  const fresh = Array.from({ length: random.int(0, 1) }).flatMap((): CastRow[] => {
    const groupName = 'alumni';
    const create: CastRow = {
      ...shared,
      fields: { action: 'create-group', groupName },
      subjects: ['new group'],
      claims: ({ method, path, body }) =>
        method === 'POST' && path.endsWith('/groups') && body.includes(`"${groupName}"`),
      creates: true,
    };
    const { accountId, email } = person(member);
    const add: CastRow = {
      ...shared,
      fields: { action: 'add-user-to-group', email, groupName },
      subjects: ['new group', `person ${member}`],
      claims: ({ method, path, body }) =>
        method === 'POST' &&
        path.endsWith('/memberships') &&
        body.includes(accountId) &&
        !known.some((id) => path.includes(id)),
      creates: false,
    };
    return [create, add];
  });
  const roles = [
    { role: 'atlassian/user', resource: site },
    { role: 'atlassian/admin', resource: site },
  ];
  const assign: CastRow = {
    ...shared,
    fields: { action: 'assign-group-roles', groupId: known[3], roles },
    subjects: ['group 3'],
    claims: ({ path }) => path.includes(`/groups/${known[3]}/role`) && path.endsWith('/assign'),
    creates: false,
  };
  const drop: CastRow = {
    ...shared,
    fields: { action: 'delete-group', groupId: known[3] },
    subjects: ['group 3'],
    claims: ({ method, path }) => method === 'DELETE' && path.endsWith(`/groups/${known[3]}`),
    creates: false,
  };
  return [...fresh, ...(random.chance(0.3) ? [assign] : []), ...(random.chance(0.2) ? [drop] : [])];
}

/** Mixes rows of different subjects; rows of one keep their order. */
function shuffleSubjects(rows: readonly CastRow[], random: Random): CastRow[] {
  const piles = [...Map.groupBy(rows, ({ subjects }) => subjects[0]).values()].map((pile) => [...pile]);
  const mixed: CastRow[] = [];
  while (piles.length > 0) {
    const at = random.int(0, piles.length - 1);
    const pile = piles[at];
    const row = pile?.shift();
    if (row !== undefined) mixed.push(row);
    if (pile?.length === 0) piles.splice(at, 1);
  }
  return mixed;
}
