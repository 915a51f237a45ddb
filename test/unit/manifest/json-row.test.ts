// Lines of JSON that are cut at their quotes against the parser: whatever is written, both find the same cells or the same fault.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cells } from '../../../src/manifest/read/json-row.ts';

/** The line of a text, and all keys, after these were seen; a blank before the text sends it to the parser. */
function read(text: string): unknown {
  const cells = new Cells('m.ndjson');
  cells.read('{"action":"a","email":"b","note":"c","a\\"b":"d"}', 1);
  return { ...cells.read(text, 2), headers: cells.headers };
}

function same(text: string): void {
  expect(read(text)).toEqual(read(` ${text}`));
}

const key = fc.constantFrom('action', 'email', 'note', 'a"b', 'a', 'new', '', '__proto__', 'é');
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\t', '"', '\\', '\u0000', '\u2028', 1, null, true, [], {}),
);
const pieces = fc.constantFrom(
  '{',
  '}',
  '{"',
  '"}',
  '"',
  ':',
  ',',
  '"action"',
  '"email"',
  '"note":"x"',
  '"a',
  'b"',
  ' ',
  '\\',
  '\t',
  '1',
  'é',
);

describe('a line of JSON', () => {
  it('has the cells that the parser finds, with or without blanks after its signs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 5 }), fc.boolean(), (pairs, blanks) => {
        const [colon, comma] = blanks ? [': ', ', '] : [':', ','];
        same(`{${pairs.map(([name, each]) => `${JSON.stringify(name)}${colon}${JSON.stringify(each)}`).join(comma)}}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([0, 1, 4])('that ends with a key that is empty names it after %i others', (known) => {
    const pairs = Array.from({ length: known }, (_, n) => `"k${n}":"x"`);
    const cells = new Cells('m.ndjson');
    for (const more of [[], ['"":"x"']]) cells.read(`{${[...pairs, ...more].join(',')}}`, 1);
    expect(cells.headers.indexOf('')).toBe(known);
  });

  it('is refused when the parser refuses it, whatever signs it is made of', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (each) => same(each.join(''))),
      { numRuns: 5000 },
    );
  });

  it.each([
    '{"a"b":"x"}',
    '{"action":"x","action":"y"}',
    '{"action":"x"',
    '{"action":"x",}',
    '{"action":"x"}}',
    '{"action":"\t"}',
  ])('is refused: %s', (text) => {
    same(text);
    expect(read(text)).toHaveProperty('problem');
  });
});
