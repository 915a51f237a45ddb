// CSV exports as people have them, each with the plan that a careful admin expects. Workbooks and JSON are in cases-by-format.test.ts.
import { describe, expect, it } from 'vitest';
import { planExport, suspending, today } from '../../support/export-plan.ts';

const workday = (...lines: string[]) =>
  ['Employee ID,Legal Name,Work Email,Hire Date,Termination Date,Last Day of Work,Active Status', ...lines].join('\n');

describe('several lines about one person', () => {
  const job = suspending({
    columns: { email: 'Mail', reference: 'Id', notBefore: 'Left' },
    where: [{ column: 'Status', in: ['Terminated'] }],
    person: { by: ['Mail'], latest: 'Hired' },
  });
  const people = (...lines: string[]) => ['Id,Mail,Hired,Left,Status', ...lines].join('\n');

  it('spare somebody who was hired again, and name both lines', async () => {
    const lines = people('1,ada@example.com,2019-01-01,2025-03-31,Terminated', '2,ADA@example.com,2026-02-01,,Active');
    const { code, rows, stderr } = await planExport(lines, job);
    expect([code, rows]).toEqual([0, []]);
    expect(stderr).toMatch(/1 line about earlier employments left out: line 2 \(.*export\.csv:3 is the latest\)/);
  });

  it('suspend once, by the date of the latest, whatever their order', async () => {
    const lines = [
      '2,a@example.com,2025-02-01,2026-10-31,Terminated',
      '1,a@example.com,2019-01-01,2024-03-31,Terminated',
    ];
    for (const order of [lines, lines.toReversed()])
      expect((await planExport(people(...order), job)).rows).toEqual(['a@example.com 2026-10-31T00:00:00.000Z 2']);
  });

  it.each([
    ['the same date', '2026-02-01', '2026-02-01', /has the same "Hired" as .*export\.csv:3/],
    ['no date in one of them', '2026-02-01', '', /at least one has no date under "Hired"/],
  ])('with %s are refused when one is selected', async (_, first, second, words) => {
    const lines = people(`1,a@example.com,${first},2026-01-01,Terminated`, `2,a@example.com,${second},,Active`);
    const { code, stderr } = await planExport(lines, job);
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
  });

  it('are fine without a date when none is selected, or when they say the same', async () => {
    const active = people('1,a@example.com,,,Active', '2,a@example.com,,,Active');
    expect((await planExport(active, job)).code).toBe(0);
    const same = '1,a@example.com,2026-02-01,2026-10-31,Terminated';
    expect((await planExport(people(same, same), job)).rows).toHaveLength(1);
  });

  it('need the column of dates only when there are several', async () => {
    const once = 'Id,Mail,Left,Status\n1,a@example.com,2026-01-01,Terminated\n';
    expect((await planExport(once, job)).code).toBe(0);
    const { code, stderr } = await planExport(`${once}2,a@example.com,,Active\n`, job);
    expect([code, stderr]).toEqual([65, expect.stringContaining('at least one has no date under "Hired"')]);
  });

  it('with two past dates and no rule for persons run once', async () => {
    const plain = suspending({ columns: { email: 'Mail', notBefore: 'Left' } });
    const { code, rows } = await planExport('Mail,Left\na@example.com,2024-03-31\na@example.com,2026-10-31\n', plain);
    expect([code, rows]).toEqual([0, ['a@example.com 2024-03-31T00:00:00.000Z']]);
  });
});

describe('dates', () => {
  const dated = (dates: object) => suspending({ columns: { email: 'Mail', notBefore: 'Left' }, dates });
  const read = async (cell: string, dates: object) => {
    const { code, rows, stderr } = await planExport(`Mail\tLeft\na@example.com\t${cell}\n`, dated(dates));
    return code === 0 ? rows[0]?.split(' ')[1] : stderr;
  };
  const newYork = { zone: 'America/New_York', at: 'end-of-day' };

  it.each([
    '2030-10-31',
    '2030-10-31T00:00:00',
    '2030-10-31T00:00:00Z',
    '2030-10-31 00:00:00',
    '2030-10-31T00:00:00+01:00',
  ])('at midnight mean the end of that day under end-of-day: %s', async (cell) =>
    expect(await read(cell, newYork)).toBe('2030-11-01T03:59:59.999Z'),
  );

  it('with another time keep it under end-of-day', async () => {
    expect(await read('2030-10-31T02:00+02:00', newYork)).toBe('2030-10-31T00:00:00.000Z');
    expect(await read('2030-10-31T17:30', newYork)).toBe('2030-10-31T21:30:00.000Z');
  });

  it('of the last day of all are held for ever, wherever it ends', async () => {
    expect(await read('9999-12-31', newYork)).toBe('9999-12-31T23:59:59.999Z');
    expect(await read('9999-12-31T23:00:00-05:00', newYork)).toBe('9999-12-31T23:59:59.999Z');
  });

  it('put off from the last day are held for ever, and the saved plan is read again', async () => {
    const steps = [{ action: 'remove-user', notBefore: '+30d' }];
    const job = { ...dated(newYork), steps, guards: { allow: ['remove-user'] } };
    const { rows } = await planExport('Mail,Left\na@example.com,9999-12-31\n', job);
    expect(rows).toEqual(['a@example.com 9999-12-31T23:59:59.999Z']);
  });

  it.each(['10000-01-01', '+010000-01-01'])('beyond 9999 are refused: %s', async (cell) => {
    expect(await read(cell, newYork)).toContain('is not a date');
    expect(await read(cell, { ...newYork, format: 'y-MM-dd' })).toContain('is not a date');
  });

  it.each(['dd.MM.yy', 'd/M/yy'])('with years of two digits make the job invalid: %s', async (format) => {
    expect(await read('31.12.99', { format })).toContain('has a two-digit year');
  });

  it.each(['ooo.MM.yyyy', 'kkkk-MM-dd', 'dd.MM', 'x'])(
    'in a format without day, month and year make the job invalid: %s',
    async (format) => {
      expect(await read('31.12.2030', { format })).toContain('does not say day, month and year');
    },
  );

  it('with a no-break space before PM are read', async () => {
    const format = 'M/d/yyyy h:mm a';
    expect(await read('10/31/2030 5:30\u202fPM', { format, zone: 'UTC' })).toBe('2030-10-31T17:30:00.000Z');
  });

  it('are in the time zone of their line when the job names its column', async () => {
    const job = dated({ zone: { column: 'Zone' }, at: 'end-of-day' });
    const lines = [
      'Mail,Left,Zone',
      'a@example.com,2030-10-31,Asia/Tokyo',
      'b@example.com,2030-10-31,America/New_York',
    ];
    expect((await planExport(lines.join('\n'), job)).rows).toEqual([
      'a@example.com 2030-10-31T14:59:59.999Z',
      'b@example.com 2030-11-01T03:59:59.999Z',
    ]);
    const { code, stderr } = await planExport(`${lines[0]}\na@example.com,2030-10-31,CET4\n`, job);
    expect([code, stderr]).toEqual([65, expect.stringContaining('the time zone "CET4", which is not one')]);
  });
});

describe('characters that nobody sees', () => {
  it.each([
    ['ada@exam\u00adple.com', 'a soft hyphen (U+00AD)'],
    ['\u200bada@example.com', 'a zero-width space (U+200B)'],
    ['ada@example.com\u200c', 'a zero-width non-joiner (U+200C)'],
    ['ada@example.com\u00a0', 'a no-break space (U+00A0)'],
    ['\u061cada@example.com', '(U+061C)'],
    ['a\u0434a@example.com', 'the Cyrillic letter "\u0434" (U+0434)'],
    ['\u0430\u0441\u0435@example.com', 'the Cyrillic letter'],
    ['ada\uff20example.com', 'a full-width @ (U+FF20)'],
  ])('make an address invalid, by name: %j', async (address, words) => {
    const { code, stderr } = await planExport(`action,email\nsuspend-user,${address}\n`, undefined);
    expect([code, stderr]).toEqual([65, expect.stringContaining(words)]);
  });

  it.each(['contrac\u00adtors', '\u0441ontractors', 'all\u00a0staff', '\uff53taff', 'of\ufb01ce', '\u{1d42c}taff'])(
    'make the name of a group invalid: %j',
    async (name) => {
      const line = `remove-user-from-group,a@example.com,${name}`;
      const { code, stderr } = await planExport(`action,email,groupName\n${line}\n`, undefined);
      expect([code, stderr]).toEqual([65, expect.stringMatching(/groupName .* contains .*U\+/)]);
    },
  );

  it.each([
    '\u0433\u0440\u0443\u043f\u043f\u0430',
    '\u958b\u767a',
    '\u03bf\u03bc\u03ac\u03b4\u03b1',
    '\uff29\uff34\u90e8',
    'M\u00aa',
    'd\u00e9veloppeurs \u{1f680}',
  ])('are not a group name in another script: %s', async (name) => {
    const line = `remove-user-from-group,a@example.com,${name}`;
    const { rows } = await planExport(`action,email,groupName\n${line}\n`, undefined);
    expect(rows).toEqual([`a@example.com ${name}`]);
  });

  it.each(['j\u00f6rg@m\u00fcller.example', '\u043e\u043b\u044c\u0433\u0430@example.com'])(
    'are not letters of a language: %s',
    async (address) => {
      expect((await planExport(`action,email\nsuspend-user,${address}\n`, undefined)).rows).toEqual([address]);
    },
  );
});

describe('a shipped job', () => {
  it('suspends nobody whose later employment is active', async () => {
    const lines = workday(
      '1,Ada,ada@example.com,2019-01-01,2025-03-31,2025-03-31,Terminated',
      '2,Ada,ada@example.com,2026-02-01,,,Active',
      '3,Bobby,bobby@example.com,2022-04-28,2026-11-15,2026-11-13,Terminated',
    );
    const { code, rows } = await planExport(lines, 'hr-offboarding');
    expect([code, rows.map((row) => row.split(' ')[0])]).toEqual([0, ['bobby@example.com', 'bobby@example.com']]);
    expect(today).toBeGreaterThan(Date.parse('2026-11-13'));
  });

  it('refuses a status that it does not know, with its line', async () => {
    const lines = workday('1,Ada,ada@example.com,2019-01-01,2025-03-31,2025-03-31,Separated');
    const { code, stderr } = await planExport(lines, 'hr-offboarding');
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/export\.csv:2: .*"Separated" is not among the known words/),
    ]);
  });
});
