// The format of a manifest: as it is said, by the extension, or by the first bytes.
import { describe, expect, it } from 'vitest';
import { type Format, formatOf, formats } from '../../../../src/manifest/read/format.ts';

const packed = 'PK\u0003\u0004';
const heads: Readonly<Record<Format, string>> = { csv: 'a,b\n', json: '[', ndjson: '{"a":1}\n', xlsx: packed };

describe('a format', () => {
  it.each(formats)('%s is known by its extension, by its first bytes, and when it is said', (format) => {
    expect(formatOf(`m.${format}`, heads[format], undefined)).toBe(format);
    expect(formatOf('m', heads[format], undefined)).toBe(format);
    expect(formatOf('m.txt', heads[format], format)).toBe(format);
  });

  it('that is said of a workbook must be its own', () => {
    expect(() => formatOf('m.csv', packed, undefined)).toThrow('m.csv: is an Excel workbook, not CSV');
    expect(() => formatOf('m.xlsx', packed, 'json')).toThrow('m.xlsx: is an Excel workbook, not JSON');
  });
});
