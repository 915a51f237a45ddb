// Seats of rows that end a part of somebody's access: counted once, free when the last part is gone, and in words with their price.
import { describe, expect, it } from 'vitest';
import { SeatLedger } from '../../../src/report/seat-ledger.ts';
import { keptWords, monthlyCost, seatWords } from '../../../src/report/seat-words.ts';

const groups = ['a', 'b'].map((id) => ({ id, name: `group ${id}` }));
const seat = (through?: typeof groups) => ({ key: 'confluence', id: 'ari:1', through });
const row = (part?: string, through?: typeof groups) => ({
  accountId: '1',
  who: 'Ada',
  part,
  seats: [seat(through)],
});

describe('a seat', () => {
  it.each([
    ['ends with the access', [row()], 1, []],
    ['counts once', [row(), row()], 1, []],
    ['is kept through a second group', [row('a', groups)], 0, ['group b']],
    ['is free without any group', [row('a', groups), row('b', groups)], 1, []],
    ['is free after a resumed run that saw one group', [row('a', groups), row('b', groups.slice(1))], 1, []],
    ['of a suspended person is free, whatever groups are left', [row('a', groups), row()], 1, []],
  ])('%s', (_, rows, freed, through) => {
    const ledger = new SeatLedger();
    for (const each of rows) ledger.add(each);
    const { freed: seats, kept } = ledger.done();
    expect([seats['confluence'] ?? 0, kept.flatMap((each) => each.groups)]).toEqual([freed, through]);
  });
});

describe('seats in words', () => {
  const prices = { currency: 'EUR', perSeat: { confluence: 5.75, 'jira-servicedesk': 20 } };

  it('have a price where the job gives one, however the product is spelt', () => {
    expect(seatWords({ confluence: 3, 'jira-service-desk': 1 }, prices)).toBe(
      '3 × confluence, 1 × jira-service-desk (37.25 EUR a month)',
    );
    expect(seatWords({ confluence: 1, trello: 2 }, prices)).toContain('(5.75 EUR a month, without trello)');
    expect([seatWords({ trello: 2 }, prices), seatWords({ trello: 2 }, undefined)]).toEqual([
      '2 × trello',
      '2 × trello',
    ]);
    expect(monthlyCost({ trello: 2 }, prices)).toBeUndefined();
  });

  it('name five people and no more', () => {
    const kept = Array.from({ length: 6 }, (_, n) => ({ who: `p${n}`, product: 'confluence', groups: ['a', 'b'] }));
    expect(keptWords(kept)).toMatch(
      /^6 people keep a seat: p0 \(confluence, through a and b\), .*p4 [^,]*, through a and b\), …$/,
    );
  });
});
