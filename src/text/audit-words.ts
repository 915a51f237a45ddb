// Beginnings of words in audit log events that are not about a person's access to the organization.

/** Things inside a product, which have their own members, permissions and trash. */
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

/** The deletion of the Atlassian account itself, which is not a removal from the organization. */
export const accountEnd: readonly string[] = ['schedul', 'cancel', 'permanent'];
