// Rules for a person's access: suspend, restore, remove. Each rule throws ApiError or returns the change without applying it.
import { needSeats } from './licences.ts';
import { isOrgAdmin, personIn, seatsOf, type Change, type Organization } from '../organization.ts';
import { ApiError } from '../http/api-errors.ts';
import type { PersonState } from '../state-file.ts';

/** A person whose access may be changed; `directory` is `-` on v1. */
function changeable(organization: Organization, accountId: string, directory: string): PersonState {
  const person = personIn(organization, accountId, directory);
  if (isOrgAdmin(organization, person)) {
    throw new ApiError('admin', `User ${accountId} is an organization admin; revoke that role first`);
  }
  return person;
}

function setStatus(person: PersonState, status: 'active' | 'suspended'): Change {
  if (person.status === 'deactivated') {
    throw new ApiError('inactive', `The account of user ${person.accountId} is deactivated`);
  }
  const action = status === 'suspended' ? 'user_access_suspended' : 'user_access_restored';
  return {
    changes: person.status !== status,
    audit: { action, person: person.accountId },
    carryOut: ({ people }) => {
      const found = people.get(person.accountId);
      if (found) found.status = status;
    },
  };
}

/** Groups and roles stay. Suspending a suspended person succeeds again. */
export function suspend(organization: Organization, accountId: string, directory: string): Change {
  return setStatus(changeable(organization, accountId, directory), 'suspended');
}

/** Requires a free seat on every product that the person regains. */
export function restore(organization: Organization, accountId: string, directory: string): Change {
  const person = changeable(organization, accountId, directory);
  const change = setStatus(person, 'active');
  needSeats(organization, { people: [accountId], resources: seatsOf(organization, person) }, 'breach');
  return change;
}

/** Roles, groups and product access are lost. The account stays known, so an invitation finds it again. */
export function remove(organization: Organization, accountId: string, directory: string): Change {
  changeable(organization, accountId, directory);
  return {
    changes: true,
    isQueued: true,
    audit: { action: 'user_removed', person: accountId },
    carryOut: ({ people }) => {
      const found = people.get(accountId);
      if (found === undefined) return;
      Object.assign(found, { siteAdmin: false, groups: [], roles: [], products: [] });
      // A deactivated account stays deactivated.
      if (found.status === 'deactivated') found.statusBefore = 'not_invited';
      else found.status = 'not_invited';
    },
  };
}
