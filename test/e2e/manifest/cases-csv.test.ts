// CSV exports with lines that are no rows, quotes in odd places, odd headers and lists: each with the plan that a careful admin expects.
import { describe, expect, it } from 'vitest';
import { planExport, suspending } from '../../support/export-plan.ts';

const terminated = { where: [{ column: 'Status', in: ['Terminated'] }] };

describe('lines that are no rows', () => {
  it('are left out and counted: titles, totals, footers, a mark of the end', async () => {
    const text = [
      '"Acme Inc. "Terminations',
      'Run on, 11/20/2026',
      '',
      'Id,Mail,Status,Type',
      '214,ada@example.com,Terminated,Voluntary',
      'Total',
      '(1 rows affected)',
      '\u001a',
    ].join('\r\n');
    const { code, rows, stderr } = await planExport(text, suspending({ headerRow: 4, ...terminated }));
    expect([code, rows]).toEqual([0, ['ada@example.com 214']]);
    expect(stderr).toContain('lines 1 to 3 above the headers left out');
    expect(stderr).toContain('2 lines without a person left out: line 6, line 7');
  });

  it('are footers without any condition as well', async () => {
    const { code, rows, stderr } = await planExport('Id,Mail\n1,a@example.com\nTotal\n', suspending({}));
    expect([code, rows]).toEqual([0, ['a@example.com 1']]);
    expect(stderr).toContain('1 line without a person left out: line 3');
  });

  it('are footers whatever the column of the condition holds, unless the condition selects them', async () => {
    const job = suspending({ ...terminated, known: { Status: ['Active', 'Terminated'] } });
    const text = 'Id,Mail,Status\n1,a@example.com,Terminated\n,,Summary: 1 person\nTotal,,1\n';
    const { code, rows, stderr } = await planExport(text, job);
    expect([code, rows]).toEqual([0, ['a@example.com 1']]);
    expect(stderr).toContain('2 lines without a person left out: line 3, line 4');
    expect((await planExport(`${text}2,,Terminated\n`, job)).stderr).toContain(
      'export.csv:5: accountId or email is empty',
    );
    expect((await planExport(`${text}3,c@example.com,Gone\n`, job)).stderr).toContain(
      '"Gone" is not among the known words',
    );
  });

  it('are not people without an address: those are refused', async () => {
    const { code, stderr } = await planExport('Id,Mail,Status\n1,,Terminated\n', suspending(terminated));
    expect([code, stderr]).toEqual([65, expect.stringMatching(/export\.csv:2: accountId or email is empty/)]);
  });

  it('may be short, and short rows end with empty cells', async () => {
    const text = 'Id,Mail,Status,Manager\n1,a@example.com,Terminated\n2,b@example.com\n';
    const { code, rows } = await planExport(text, suspending(terminated));
    expect([code, rows]).toEqual([0, ['a@example.com 1']]);
  });

  it('may be the type line of PowerShell', async () => {
    const text = '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n"Id","Mail"\r\n"1","a@example.com"\r\n';
    const { code, rows, stderr } = await planExport(text, suspending({}));
    expect([code, rows]).toEqual([0, ['a@example.com 1']]);
    expect(stderr).toContain('line 1 is left out: "#TYPE Selected.');
  });

  it('with too many cells are refused, because their cells may stand under the wrong headers', async () => {
    const { code, stderr } = await planExport('Id,Mail,Status\n1,Love, Ada,Active\n', suspending(terminated));
    expect([code, stderr]).toEqual([65, expect.stringContaining('has no header')]);
  });
});

describe('quotes', () => {
  const name = (cell: string) => `Id,Name,Mail\n1,${cell},a@example.com\n2,Bo,b@example.com\n`;

  it.each(['Ada "Countess" Lovelace', '"Ada" Lovelace', '"Ada "Countess" Lovelace"', '5" disk'])(
    'in a cell that is not used stop nothing: %s',
    async (cell) =>
      expect((await planExport(name(cell), suspending({}))).rows).toEqual(['a@example.com 1', 'b@example.com 2']),
  );

  it('around an equals sign are how Excel writes digits', async () => {
    const text = 'Id,Mail\n="00417",a@example.com\n"=""00418""","=""b@example.com"""\n';
    expect((await planExport(text, suspending({}))).rows).toEqual(['a@example.com 00417', 'b@example.com 00418']);
  });

  it('with text behind them refuse the row when the cell is used', async () => {
    const { code, stderr } = await planExport('Id,Mail\n1,"a@example.com" x\n', suspending({}));
    expect([code, stderr]).toEqual([65, expect.stringMatching(/export\.csv:2: .* has text after its closing quote/)]);
  });

  it('that are never closed cost one line, which is named', async () => {
    const text = 'Id,Mail\n1,a@example.com\n2,"b@example.com\n3,c@example.com\n';
    const { code, rows } = await planExport(text, suspending({}), { flags: ['--skip-invalid'] });
    expect([code, rows]).toEqual([0, ['a@example.com 1', 'c@example.com 3']]);
    const { stderr } = await planExport(text, suspending({}));
    expect(stderr).toMatch(/export\.csv:3: a quote opens here and is never closed/);
  });

  it('never melt two lines into one', async () => {
    const text = 'Id,Name,Mail\n1,"Ada,a@example.com\n2,"Bo",b@example.com\n';
    const { rows } = await planExport(text, suspending({}), { flags: ['--skip-invalid'] });
    expect(rows).toEqual(['b@example.com 2']);
  });
});

describe('headers', () => {
  it('may hold line breaks, and the separator is found', async () => {
    const text = '"Employee\nId";"Work\r\nEmail, private"\n1;a@example.com\n';
    const columns = { email: 'Work Email, private', reference: 'Employee Id' };
    expect((await planExport(text, suspending({ columns }))).rows).toEqual(['a@example.com 1']);
  });

  const twice = 'Id,Mail,Status,Mail,Status\n1,a@example.com,Terminated,boss@example.com,Active\n';

  it('that are identical are distinguished by their number', async () => {
    const column = { header: 'Status', nth: 1 };
    const columns = { email: { header: 'Mail', nth: 1 }, reference: 'Id' };
    const job = suspending({ columns, where: [{ column, in: ['Terminated'] }] });
    expect((await planExport(twice, job)).rows).toEqual(['a@example.com 1']);
  });

  it('that are identical are refused with the way to tell them apart', async () => {
    const { code, stderr } = await planExport(twice, suspending({}));
    expect([code, stderr]).toEqual([65, expect.stringContaining('{"header":"Mail","nth":2}')]);
  });

  it('may be several, of which the first filled cell counts', async () => {
    const columns = { email: { firstOf: ['Work', 'Home'] }, reference: 'Id' };
    const text = 'Id,Work,Home\n1,a@example.com,a@home.example\n2,-,b@example.com\n';
    const job = suspending({ columns, nulls: ['-'] });
    expect((await planExport(text, job)).rows).toEqual(['a@example.com 1', 'b@example.com 2']);
    expect((await planExport('Id,Home\n1,a@home.example\n', job)).code).toBe(65);
  });
});

describe('a file in which a pattern would backtrack for minutes', () => {
  const dated = suspending({ columns: { email: 'Mail', notBefore: 'Left' }, dates: {} });

  it.each([
    ['quotes that are never closed in the header', `Mail,Left,N${'"'.repeat(2001)}\na@example.com,2026-01-01,x\n`],
    ['spaces in the middle of an address', `Mail,Left\na${' '.repeat(250_000)}b,2026-01-01\n`],
    ['a date of letters T', `Mail,Left\na@example.com,${'T'.repeat(250_000)}\n`],
  ])('is decided at once: %s', async (_, text) => {
    expect((await planExport(text, dated)).code).toBeOneOf([0, 65]);
  });
});

it('a header with a quarter of a million columns is refused', async () => {
  const { code, stderr } = await planExport(`Mail${','.repeat(250_000)}Id\na@example.com\n`, suspending({}));
  expect([code, stderr]).toEqual([65, expect.stringContaining('export.csv:1: the header has 250001 columns')]);
});

describe('lists in a cell', () => {
  const leave = (input: object) => ({
    input: { columns: { email: 'Mail', groupName: 'Groups' }, ...input },
    steps: [{ action: 'remove-user-from-group' }],
  });
  const text = 'Mail,Groups\na@example.com,"staff, guests"\n';

  it('are refused unless the job says how to split them', async () => {
    const { code, stderr } = await planExport(text, leave({}));
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/export\.csv:2: groupName "staff, guests" looks like a list/),
    ]);
  });

  it('become a row for each entry', async () => {
    const { rows } = await planExport(text, leave({ split: { groupName: ',' } }));
    expect(rows).toEqual(['a@example.com staff', 'a@example.com guests']);
  });

  it('are one name when the job says so', async () => {
    expect((await planExport(text, leave({ split: { groupName: false } }))).rows).toEqual([
      'a@example.com staff, guests',
    ]);
  });
});

describe('conditions', () => {
  const text =
    'Id,Mail,Status,Type\n1,a@example.com,Left,Staff\n2,b@example.com,Active,Guest\n3,c@example.com,Active,Staff\n';
  const selected = async (where: unknown) =>
    (await planExport(text, suspending({ where }))).rows.map((row) => row.split(' ')[1]);
  const left = { column: 'Status', in: ['Left'] };
  const guest = { column: 'Type', matches: '^gu' };

  it.each([
    [{ any: [left, guest] }, ['1', '2']],
    [[{ not: left }, { not: guest }], ['3']],
    [{ all: [left, { not: guest }] }, ['1']],
    [{ not: { any: [left, guest] } }, ['3']],
  ])('combine: %j', async (where, ids) => expect(await selected(where)).toEqual(ids));

  it.each(['(?=x)', '(a)\\1'])(
    'with an expression that takes more than linear time are refused: %s',
    async (matches) => {
      const { code, stderr } = await planExport(text, suspending({ where: { any: [{ column: 'Type', matches }] } }));
      expect([code, stderr]).toEqual([
        65,
        expect.stringMatching(/job\.json:1: input\.where\.any\[1\]\.matches: .*RE2/),
      ]);
    },
  );

  it('with an expression that backtracks elsewhere match at once', async () => {
    const long = `Id,Mail,Status,Type\n1,a@example.com,Left,${'a'.repeat(50_000)}!\n`;
    const where = { column: 'Type', matches: '^(a+)+$' };
    expect((await planExport(long, suspending({ where }))).rows).toEqual([]);
  });

  it('on words that the job does not know are refused with the line', async () => {
    const known = { Status: ['Active', 'Terminated'] };
    const { code, stderr } = await planExport(text, suspending({ ...terminated, known }));
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/export\.csv:2: "Status" "Left" is not among the known words/),
    ]);
  });
});
