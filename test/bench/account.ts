// account(): the account ids that manifests and the server of benchmarks share.

/** The account of a row, as Atlassian writes them. */
export function account(row: number): string {
  return `5b10ac8d82e05b22cc7d${String(row).padStart(7, '0')}`;
}
