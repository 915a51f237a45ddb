// When people were last active, where a run that reads it is shown.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { person } from '../../support/organization.ts';
import { path, scenario } from '../../support/scenario.ts';

describe('dates that get-last-active has read', () => {
  it('are in the recap and the table, for people who were never active too', async () => {
    await using s = await scenario({
      people: 14,
      change: ({ people }) => void Object.assign((people as object[])[1] ?? {}, { products: [] }),
    });
    const rows = Array.from({ length: 12 }, (_, n) => ({ action: 'get-last-active', email: person(n).email }));
    const { stdout, report } = await s.run(rows);
    expect(stdout).toContain('Activity  person0@example.com: last active 2026-01-02 03:04 UTC in jira-software (');
    expect(stdout).toContain('          person1@example.com: never active in any product (');
    expect(stdout).toContain('          and 2 more; leavers report --csv lists them');
    const table = path('t.csv');
    await s.leavers(['report', report, '--csv', table]);
    expect(readFileSync(table, 'utf8').match(/,2026-01-02T03:04:05\.000Z,/g)).toHaveLength(11);
  });
});
