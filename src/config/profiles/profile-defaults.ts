// Flags that a profile may have defaults for: the connection, the pace, the operator and the limits. Permissions are for each run.

export const profileFlags = [
  'base-url',
  'account-url',
  'api',
  'directory',
  'rate',
  'burst',
  'concurrency',
  'retries',
  'timeout',
  'max-duration',
  'operator',
  'max-changes',
  'max-failures',
] as const;
