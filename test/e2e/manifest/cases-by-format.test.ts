// Workbooks, JSON of APIs and files of other types: each with what a careful admin expects.
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { planExport, suspending } from '../../support/export-plan.ts';
import { reworked, withParts, workbook } from '../../support/xlsx.ts';

const table = [
  ['Id', 'Mail', 'Left'],
  ['1', 'a@example.com', { day: 46_568 }],
] as const;
const job = suspending({ columns: { email: 'Mail', reference: 'Id', notBefore: 'Left' }, dates: { at: 'end-of-day' } });
const planBook = (bytes: Uint8Array, through: object = job) => planExport(bytes, through, { name: 'export.xlsx' });

describe('a workbook', () => {
  it.each(['1', 'true'])('of the date system of 1904 ("%s") has the dates that it shows', async (value) => {
    const bytes = reworked(workbook({ Data: table }), 'xl/workbook.xml', (xml) =>
      xml.replace('<sheets>', `<workbookPr date1904="${value}"/><sheets>`),
    );
    const shifted = reworked(bytes, 'xl/worksheets/sheet1.xml', (xml) => xml.replace('46568', String(46_568 - 1462)));
    expect((await planBook(shifted)).rows).toEqual((await planBook(workbook({ Data: table }))).rows);
  });

  it('says which rows are hidden and that a filter is ignored, before it plans', async () => {
    const bytes = reworked(workbook({ Data: table }), 'xl/worksheets/sheet1.xml', (xml) =>
      xml
        .replace('<row r="2"', '<row r="2" hidden="1"')
        .replace('</sheetData>', '</sheetData><autoFilter ref="A1:C2"><filterColumn colId="0"/></autoFilter>'),
    );
    const { stderr } = await planBook(bytes);
    expect(stderr).toContain('hidden row 2 of sheet "Data" is read like the others');
    expect(stderr).toContain('sheet "Data" has a filter, which is ignored');
  });

  it('says which columns are hidden, and that a table on the sheet has a filter', async () => {
    const wide = reworked(workbook({ Data: table }), 'xl/worksheets/sheet1.xml', (xml) =>
      xml.replace(
        '<sheetData>',
        '<cols><col min="2" max="3" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>$&',
      ),
    );
    const bytes = withParts(wide, {
      'xl/tables/table1.xml': '<table><autoFilter ref="A1:C2"><filterColumn colId="0"/></autoFilter></table>',
      'xl/worksheets/_rels/sheet1.xml.rels':
        '<Relationships><Relationship Target="../tables/table1.xml"/></Relationships>',
    });
    const { stderr } = await planBook(bytes);
    expect(stderr).toContain('hidden columns B ("Mail"), C ("Left") of sheet "Data" are read like the others');
    expect(stderr).toContain('sheet "Data" has a filter, which is ignored');
  });

  it('in an archive with an unknown kind of compression is refused', async () => {
    const bytes = Buffer.from(workbook({ Data: table }));
    bytes.writeUInt16LE(2048, bytes.indexOf('PK\u0001\u0002', 'latin1') + 10);
    const { code, stderr } = await planBook(bytes);
    expect([code, stderr]).toEqual([65, expect.stringContaining("can't be read as an Excel workbook (damaged)")]);
  });

  it('without the part of the sheet that is read is refused', async () => {
    const bytes = reworked(workbook({ Data: table, Other: table }), 'xl/_rels/workbook.xml.rels', (xml) =>
      xml.replace(/<Relationship Id="rId1"[^>]*>/, ''),
    );
    const { code, stderr } = await planBook(bytes);
    expect([code, stderr]).toEqual([65, expect.stringContaining('export.xlsx: lacks the content of sheet "Data"')]);
  });

  it('is read from its first visible sheet, and names the hidden ones', async () => {
    const other = [
      ['Id', 'Mail', 'Left'],
      ['9', 'old@example.com', { day: 46_000 }],
    ] as const;
    const bytes = reworked(workbook({ Old: other, Data: table }), 'xl/workbook.xml', (xml) =>
      xml.replace('name="Old"', 'name="Old" state="hidden"'),
    );
    const { rows, stderr } = await planBook(bytes);
    expect(rows[0]).toMatch(/^a@example\.com /);
    expect(stderr).toContain('hidden sheets are not read: "Old"');
  });

  it.each(['CV1048576', 'XFD10000'])('with one cell far out, at %s, is refused with its place', async (place) => {
    const bytes = reworked(workbook({ Data: table }), 'xl/worksheets/sheet1.xml', (xml) =>
      xml.replace('</sheetData>', `<row r="${/\d+/.exec(place)?.[0]}"><c r="${place}"><v>1</v></c></row></sheetData>`),
    );
    const { code, stderr } = await planBook(bytes);
    expect([code, stderr]).toEqual([65, expect.stringContaining(`sheet "Data" has a cell at ${place}`)]);
  });

  it.each(['\ufffd\ufffdC2', 'ZZZZ2', 'B', '-1'])(
    'with a cell at %j, which no sheet has, is refused',
    async (place) => {
      const bytes = reworked(workbook({ Data: table }), 'xl/worksheets/sheet1.xml', (xml) =>
        xml.replace('"B2"', `"${place}"`),
      );
      const { code, stderr } = await planBook(bytes);
      expect([code, stderr]).toEqual([65, expect.stringContaining('sheet "Data" has a cell at')]);
    },
  );

  it.each(['99999999999', '9'.repeat(400)])('with one row far out, numbered %s, is refused', async (number) => {
    const bytes = reworked(workbook({ Data: table }), 'xl/worksheets/sheet1.xml', (xml) =>
      xml.replace('</sheetData>', `<row r="${number}"><c r="A2"><v>1</v></c></row></sheetData>`),
    );
    const { code, stderr } = await planBook(bytes);
    expect([code, stderr]).toEqual([65, expect.stringContaining('sheet "Data" has a row 999')]);
  });
});

describe('JSON of an API', () => {
  const plan = (document: unknown, input: object) =>
    planExport(JSON.stringify(document), suspending(input), { name: 'export.json' });

  it.each([
    ['value', { value: [{ Id: '1', Mail: 'a@example.com' }] }],
    ['Report_Entry', { Report_Entry: [{ id: '1', mail: 'a@example.com' }] }],
    ['d.results', { d: { results: [{ Id: '1', Mail: 'a@example.com' }] } }],
    ['value', [{ Id: '1', Mail: 'a@example.com' }]],
  ])('has its rows under %s', async (rows, document) => {
    expect((await plan(document, { rows })).rows).toEqual(['a@example.com 1']);
  });

  it('has nested values by dotted names', async () => {
    const rows = [
      { id: 1, profile: { email: 'a@example.com' }, mails: [{ value: 'x' }] },
      { id: 2, profile: null },
    ];
    const input = {
      columns: { email: 'profile.email', reference: 'id' },
      where: [{ column: 'mails.0.value', in: ['x'] }],
    };
    expect((await plan(rows, input)).rows).toEqual(['a@example.com 1']);
  });

  it.each(['rows.json', 'rows.ndjson'])('may end with Ctrl-Z: %s', async (name) => {
    const row = '{"action":"suspend-user","email":"a@example.com"}';
    const text = name.endsWith('ndjson') ? row : `[${row}]`;
    expect((await planExport(`${text}\r\n\u001a`, undefined, { name })).rows).toEqual(['a@example.com']);
  });

  it('without a job file says where its rows are', async () => {
    const text = JSON.stringify({ Report_Entry: [{ Mail: 'a@example.com' }] });
    const { code, stderr } = await planExport(text, undefined, { name: 'export.json' });
    expect([code, stderr]).toEqual([65, expect.stringContaining('has its rows under "Report_Entry"')]);
  });

  it('that is one page of several says so', async () => {
    const document = { value: [{ Id: '1', Mail: 'a@example.com' }], '@odata.nextLink': 'https://example.com/next' };
    expect((await plan(document, { rows: 'value' })).stderr).toContain('is one page of several');
  });

  it('with a hundred thousand keys in an object is refused with its line', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, 1]));
    const { code, stderr } = await plan([{ Id: '1', Mail: 'a@example.com' }, crowd], {});
    expect([code, stderr]).toEqual([65, expect.stringContaining('export.json:1: an object with more than 1000 keys')]);
  });

  it('with a million different keys in all is refused before they are parsed', async () => {
    const objects = Array.from({ length: 10_000 }, (_object, at) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${at}_${n}`, 1])),
    );
    const held = process.memoryUsage().heapUsed;
    const { code, stderr } = await plan(objects, {});
    expect([code, stderr]).toEqual([65, expect.stringContaining('export.json:1: more than 10000 different keys')]);
    expect(process.memoryUsage().heapUsed - held).toBeLessThan(150_000_000);
  });
});

describe('a file of another type', () => {
  const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  const padded = (text: string) => Buffer.concat([compound, Buffer.alloc(600), Buffer.from(text, 'utf16le')]);
  const ods = zipSync({ mimetype: [strToU8('application/vnd.oasis.opendocument.spreadsheet'), { level: 0 }] });

  it.each([
    ['people.xls', '<html><table><tr><td>Mail</td></tr></table></html>', 'is an HTML page, whatever its name says'],
    ['people.ods', ods, 'is an OpenDocument file (.ods)'],
    ['people.xls', padded('Workbook'), 'is a workbook in the old Excel format (.xls)'],
    ['people.xlsx', padded('EncryptedPackage'), 'is an Excel workbook that is encrypted'],
    ['people.csv', zipSync({ 'people-of-our-company.csv': strToU8('Mail\na@example.com\n') }), 'is a zip archive'],
    ['people.csv', Buffer.from('1f8b0800000000000003', 'hex'), 'is compressed by gzip'],
    ['people.csv', '%PDF-1.7\n', 'is a PDF document'],
    ['people.xlsx', 'Mail\na@example.com\n', 'is not an Excel workbook'],
  ])('is called what it is: %s, which %#', async (name, content, words) => {
    const { code, stderr } = await planExport(content, suspending({}), { name });
    expect([code, stderr]).toEqual([65, expect.stringContaining(`${name}: ${words}`)]);
  });
});
