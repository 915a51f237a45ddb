// needSeats: refuses changes that would exceed a licence limit.
import { seatsOf, type Organization } from '../organization.ts';
import { ApiError } from '../http/api-errors.ts';

/** The people who would have a seat afterwards, and the resources. */
export interface Takers {
  readonly people: readonly string[];
  readonly resources: Iterable<string>;
}

/**
 * Throws ApiError when a limit would be exceeded. Only active people have seats, at most one per resource. `breach` is the refusal of a
 * restoration, and of everything that would exceed the limits of several products.
 */
export function needSeats(
  organization: Organization,
  { people, resources }: Takers,
  reason: 'licence' | 'breach' = 'licence',
): void {
  const wanted = new Set(resources);
  const breached = organization.state.licences.filter(({ resource, limit }) => {
    if (!wanted.has(resource)) return false;
    const holders = holdersOf(organization, resource);
    const fresh = people.filter((id) => !holders.has(id));
    return fresh.length > 0 && holders.size + fresh.length > limit;
  });
  const [first] = breached;
  if (first === undefined) return;
  if (breached.length > 1) throw new ApiError('breach', `Too many products over their limit: ${breached.length}`);
  throw new ApiError(reason, `The license limit of ${first.limit} users for ${first.resource} would be exceeded`);
}

function holdersOf(organization: Organization, resource: string): Set<string> {
  const active = [...organization.people.values()].filter((person) => person.status === 'active');
  return new Set(
    active.filter((person) => seatsOf(organization, person).has(resource)).map((person) => person.accountId),
  );
}
