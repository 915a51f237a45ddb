// adminsUntold: API v1 does not show who is an organization admin, which plan, recap and lists say.

/** A warning for API v1, which does not show who is an organization admin; undefined on v2. */
export function adminsUntold(generation: string): string | undefined {
  return generation === 'v1'
    ? 'API v1 does not show who is an organization admin, so admins are not skipped; list them with --protect'
    : undefined;
}
