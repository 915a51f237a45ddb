// Words of audit log events that are about something else than a person's access to the organization, by their beginnings.

/** Things inside a product, which have members, permissions and a bin of their own. */
export const insideProducts: readonly string[] = [
  'project',
  'repositor',
  'workspace',
  'space',
  'board',
  'page',
  'issue',
  'content',
];

/** How people sign in: two-step verification, single sign-on, passwords and their policies. */
export const signIn: readonly string[] = [
  'twosv',
  'two',
  'verif',
  'factor',
  'mfa',
  'sso',
  'saml',
  'password',
  'polic',
  'authent',
];

/** The end of an Atlassian account itself, which is no removal from the organization. */
export const accountEnd: readonly string[] = ['schedul', 'cancel', 'permanent'];
