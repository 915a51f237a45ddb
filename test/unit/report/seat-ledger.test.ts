// Seats of rows that end a part of somebody's access: counted once, free when the last part is gone, and in words with their price.
import { describe, expect, it } from 'vitest';
import { SeatLedger } from '../../../src/report/seat-ledger.ts';
import { keptWords, monthlyCost, pricesOf, seatWords } from '../../../src/report/seat-words.ts';

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

describe('a seat that is given back', () => {
  it.each([
    ['with a group is kept again', [row('a', groups), row('b', groups)], { part: 'b' }, 0, ['group b']],
    ['with another group stays free', [row('a', groups), row('b', groups)], { part: 'c' }, 1, []],
    ['with all access is taken', [row()], {}, 0, []],
  ])('%s', (_, rows, back, freed, through) => {
    const ledger = new SeatLedger();
    for (const each of rows) ledger.add(each);
    ledger.giveBack({ accountId: '1', ...back });
    const { freed: seats, kept } = ledger.done();
    expect([seats['confluence'] ?? 0, kept.flatMap((each) => each.groups)]).toEqual([freed, through]);
  });

  it('is free once more after a second suspension, of an organization with many sites too', () => {
    const ledger = new SeatLedger();
    const seats = Array.from({ length: 70 }, (_, n) => ({ key: 'confluence', id: `ari:${n}` }));
    const suspend = (accountId: string) => ledger.add({ accountId, who: '', seats });
    for (const account of ['1', '2', '2']) suspend(account);
    expect(ledger.done().freed).toEqual({ confluence: 140 });
    ledger.giveBack({ accountId: '1' });
    expect(ledger.done().freed).toEqual({ confluence: 70 });
    suspend('1');
    expect(ledger.done().freed).toEqual({ confluence: 140 });
  });
});

describe('the prices of several reports', () => {
  const [cheap, dear] = [1, 2].map((price) => ({ currency: 'EUR', perSeat: { confluence: price } }));
  it.each([
    [
      'the last of one organization count',
      [{ org: 'a', prices: cheap }, { org: 'a', prices: dear }, { org: 'a' }],
      dear,
    ],
    [
      'equal ones of two count',
      [
        { org: 'a', prices: cheap },
        { org: 'b', prices: cheap },
      ],
      cheap,
    ],
    [
      'different ones of two make no sum',
      [
        { org: 'a', prices: cheap },
        { org: 'b', prices: dear },
      ],
      undefined,
    ],
    ['there are none without a job', [{ org: 'a' }], undefined],
  ])('%s', (_, starts, prices) => {
    expect(pricesOf(starts as never)).toEqual(prices);
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
