// The stored facts of the published documents. `npm run spec` writes and compares them.
import organization from './facts/organization.json' with { type: 'json' };
import organizationV1 from './facts/organization-v1.json' with { type: 'json' };
import userManagement from './facts/user-management.json' with { type: 'json' };
import type { Facts } from './extract.ts';
import type { DocumentName } from './operations.ts';

export const storedFacts: Readonly<Record<DocumentName, Facts>> = {
  organization: organization as unknown as Facts,
  'organization-v1': organizationV1 as unknown as Facts,
  'user-management': userManagement as unknown as Facts,
};
