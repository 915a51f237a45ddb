// The size of a large company: 13,500 people, of whom 200 differ. All are found, none is invented, with 136 calls.
import { describe, expect, it } from 'vitest';
import { change, differences, staffList } from '../../support/drift-fixture.ts';
import { scenario } from '../../support/scenario.ts';

describe('a list of 13,500', () => {
  it('differs from the directory in 200 people, who are found with 136 calls', async () => {
    await using s = await scenario({ people: 13_500, change });
    const { code, stdout } = await s.leavers(['reconcile', staffList(13_500), '--domains', 'example.com', '--json']);
    const found = JSON.parse(stdout) as Record<string, Record<string, string>[]>;
    const named = (id: keyof typeof differences) => found[id]?.map(({ accountId, email }) => accountId ?? email);
    const all = Object.fromEntries(Object.keys(differences).map((id) => [id, named(id as keyof typeof differences)]));
    expect([code, all]).toEqual([2, differences]);
    expect(Object.values(differences).flat()).toHaveLength(200);
    expect([s.sandbox.ledger.length, s.changes()]).toEqual([136, []]);
  });
});
