// Readable words for statuses and types of accounts, in place of the API's codes.

const statuses: Readonly<Record<string, string>> = {
  'not-invited': 'not a member of the organization',
  unknown: 'status unknown',
};

/** `suspended`, `deactivated`, `not a member of the organization`. */
export function statusWords(status: string): string {
  return statuses[status] ?? status;
}

const types: Readonly<Record<string, string>> = {
  app: 'an app, not a person',
  customer: 'a customer of a help centre, not a member',
};

/** Why an account of this type is not offboarded. */
export function accountTypeWords(type: string): string {
  return types[type] ?? 'neither a person nor a known type of account';
}
