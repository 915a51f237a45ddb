// ReleaseContext: facts beside the person for release-product.
import type { GuardSettings } from '../../config/settings.ts';
import type { RoleGroup } from '../../directory/role-groups.ts';
import type { RoleAssociation } from '../../model.ts';

/** Facts beside the person. */
export interface ReleaseContext {
  /** As the user typed it; `jira` means every Jira. */
  readonly product: string;
  readonly days: number;
  /** Epoch ms. */
  readonly now: number;
  readonly guards: GuardSettings;
  /** Groups with a role on the product, wherever it runs. */
  readonly groups: readonly RoleGroup[];
  /** The same groups, and those with a role on another product that a person loses with one of them. */
  readonly everyGroup: readonly RoleGroup[];
  /** Roles that the person holds without a group; undefined when they can't be read. */
  readonly ownRoles: readonly RoleAssociation[] | undefined;
}
