// JSON and NDJSON as tables: cells, the lines where rows start, and what is refused.
import { describe, expect, it } from 'vitest';
import { openJson, openNdjson } from '../../../../src/manifest/read/json.ts';
import { withoutComments } from '../../../../src/manifest/read/json-structure.ts';

const bytes = (text: string) =>
  async function* () {
    yield Buffer.from(text);
  };

async function readNdjson(text: string) {
  const table = await openNdjson(bytes(text), { file: 'm.ndjson' });
  return { headers: table.headers, rows: (await Array.fromAsync(table.lines())).flat() };
}

async function readJson(text: string) {
  const { table } = await openJson(bytes(text), { file: 'm.json', size: text.length });
  return { headers: table.headers, rows: (await Array.fromAsync(table.lines())).flat() };
}

describe('a line of JSON', () => {
  it('has a cell for each key, in the order in which keys were first seen', async () => {
    const { headers, rows } = await readNdjson('{"a":"1","":true}\n\n { "b" : [1], "a" : null }\n');
    expect(headers).toEqual(['a', '', 'b']);
    expect(rows).toEqual([
      { line: 1, cells: ['1', true] },
      { line: 3, cells: [null, undefined, [1]] },
    ]);
  });

  it('takes __proto__ for a key like any other', async () => {
    const { headers, rows } = await readNdjson('{"__proto__":"x"}\n');
    expect([headers, rows[0]?.cells]).toEqual([['__proto__'], ['x']]);
  });

  it.each([
    ['{"a"b":"x"}', 'is not valid JSON'],
    ['{"action":"x","action":"y"}', 'the row has the key "action" twice'],
    ['{"action":"x"', 'is not valid JSON'],
    ['{"action":"x",}', 'is not valid JSON'],
    ['{"action":"x"}}', 'is not valid JSON'],
    ['{"action":"\t"}', 'is not valid JSON'],
    ['{"action":"x"} // why', 'is not valid JSON'],
    ['{"a":{"b":1,"\\u0062":2}}', 'the row has the key "b" twice'],
    ['["action"]', 'is not an object'],
    [`{"a":${'['.repeat(8)}${']'.repeat(8)}}`, 'the row is nested more than 8 deep'],
    [`{"a":${'['.repeat(100_000)}`, 'the row is nested more than 8 deep'],
  ])('is refused: %.40s', async (text, message) => {
    const { rows } = await readNdjson(text);
    expect(rows[0]?.problem?.message).toContain(message);
  });

  it.each(['{"a":[{"b":1},{"b":1}]}', `{"a":${'['.repeat(7)}${']'.repeat(7)}}`, '{"a":"b","b":"a"}'])(
    'is taken, as its keys repeat in different objects only and its nesting is allowed: %s',
    async (text) => {
      expect((await readNdjson(text)).rows[0]).not.toHaveProperty('problem');
    },
  );
});

describe('a JSON document', () => {
  it('has a row for each element, with the line where it starts', async () => {
    const { rows } = await readJson('{ "rows" : [\n{"a":"]},["},\r\n\n  {"a":\n[2]}, 3\n, "x", []]\n}\n');
    expect(rows.map(({ line }) => line)).toEqual([2, 4, 5, 6, 6]);
    expect(rows.map(({ cells }) => cells)).toEqual([['"]},["'.slice(1, -1)], [[2]], [], [], []]);
    expect(rows.slice(2).every(({ problem }) => problem?.cause === 'not a JSON object')).toBe(true);
  });

  it.each(['[]', '{"rows":[]}', ' [ ] '])('has no rows when its list is empty: %s', async (text) => {
    expect((await readJson(text)).rows).toEqual([]);
  });

  it.each([
    ['{"rows":[{"a":1}],"rows":[]}', 'm.json:1: is not a list of rows'],
    ['{"rows":[],"more":1}', 'm.json:1: is not a list of rows'],
    ['{"rows":{}}', 'm.json:1: is not a list of rows'],
    ['[{"a":1},\n]', 'm.json:2: is not valid JSON (column 1)'],
    ['[{"a":1}\n{"a":2}]', 'm.json:2: is not valid JSON (column 1)'],
    ['[\n{"a":1}\n', 'm.json:3: the JSON ends too early'],
    ['[1] // all', 'm.json:1: is not valid JSON'],
    ['['.repeat(11), 'm.json:1: is nested more than 10 deep'],
  ])('is refused: %s', async (text, message) => {
    await expect(readJson(text)).rejects.toThrow(message);
  });
});

describe('a text without its comments', () => {
  it('keeps everything else in its place, and slashes in strings', () => {
    const text = '// a\r\n{"b": "//", /* c\n*/ "d": "/*"} // e';
    expect(withoutComments(text)).toBe('    \r\n{"b": "//",     \n   "d": "/*"}     ');
  });

  it('is read to its end when a comment or a string is never closed', () => {
    expect(['1 /* 2', '"a // b', '['.repeat(100_000)].map(withoutComments)).toEqual([
      '1     ',
      '"a // b',
      '['.repeat(100_000),
    ]);
  });
});
