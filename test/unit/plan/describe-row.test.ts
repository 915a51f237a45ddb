// What a reviewer reads about a row besides its action and subject.
import { describe, expect, it } from 'vitest';
import { describeRow } from '../../../src/plan/describe-row.ts';

const jira = 'ari:cloud:jira-software::site/7c9e6679-7425-40de-944b-e07fc1f90ae7';

describe('a row in words', () => {
  it.each([
    [{ email: 'a@example.com' }, ''],
    [{ role: 'atlassian/org-admin' }, 'role org-admin'],
    [{ role: 'atlassian/guest', resource: jira }, 'role guest on jira-software (site 7c9e6679)'],
    [
      { role: 'atlassian/user', resource: jira, groups: ['a', 'b'] },
      'role user on jira-software (site 7c9e6679); groups a, b',
    ],
    [
      {
        roles: [
          { role: 'atlassian/user', resource: jira },
          { role: 'atlassian/admin', resource: 'ari:other' },
        ],
      },
      'roles user on jira-software (site 7c9e6679), admin on ari:other',
    ],
    [{ groupName: 'ops', force: true }, 'even if the group has members'],
    [{ onlyIfInactiveDays: 90 }, 'only if inactive for 90 days'],
  ])('%j says "%s"', (fields, words) => {
    expect(describeRow(fields)).toBe(words);
  });
});
