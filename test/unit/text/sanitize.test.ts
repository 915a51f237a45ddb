// Every way in which foreign text is shown, over one list of characters that may do harm.
import { describe, expect, it } from 'vitest';
import { quote } from '../../../src/text/quote.ts';
import { escapeUnsafe, listInvisible, neutralize, revealInvisible, sanitize } from '../../../src/text/sanitize.ts';
import { jsonScript, markup } from '../../../src/page/markup.ts';

const c0 = ['\u0000', '\u0007', '\u0008', '\n', '\r', '\u001b'];
const others = {
  'DEL and C1': ['\u007f', '\u0080', '\u0085', '\u009b', '\u009f'],
  'separators of lines and paragraphs': ['\u2028', '\u2029'],
  'bidirectional marks and isolates': ['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'],
  'zero-width characters': ['\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u{e0041}'],
  'lone surrogates': ['\ud800', '\udbff'],
};
const all = [...c0, ...Object.values(others).flat()];

describe.each(Object.entries({ C0: c0, ...others }))('%s', (_, chars) => {
  it.each([
    ['a terminal', (char: string) => neutralize(`a${char}b`)],
    ['a page', (char: string) => markup`${`a${char}b`}`.text],
    ['a report of an answer', (char: string) => sanitize(`a${char}b`)],
    ['an error message', (char: string) => quote(`a${char}b`)],
  ])('never reach %s as they are', (_where, show) => {
    expect(chars.filter((char) => show(char).includes(char))).toEqual([]);
    expect(chars.every((char) => /^"?a.*b"?$/u.test(show(char)))).toBe(true);
  });

  it('stand escaped in JSON, which means the same when it is read', () => {
    const text = `a${chars.join('')}b`;
    for (const json of [escapeUnsafe(JSON.stringify(text)), jsonScript(text).text]) {
      expect(chars.filter((char) => json.includes(char))).toEqual([]);
      expect(JSON.parse(json)).toBe(text);
    }
  });
});

describe('text without such characters', () => {
  it.each(['Zoé Lefèvre', '佐藤 遥', 'נועה לוי', '👋🏽', '“x” – y', 'a\u00a0b'])('stays as it is: %s', (text) => {
    expect([neutralize(text), escapeUnsafe(text), sanitize(text)]).toEqual([text, text, text]);
  });
});

describe('an error message', () => {
  it('shows what is invisible as code points, spaces that are not plain among it', () => {
    expect(revealInvisible('a \u00a0\u200b\u{e0041}b')).toBe('a <U+00A0><U+200B><U+E0041>b');
    expect([listInvisible('a\u3000\u202e'), listInvisible('a b')]).toEqual(['U+3000, U+202E', undefined]);
    expect(all.filter((char) => !revealInvisible(char).startsWith('<U+'))).toEqual([]);
  });
});

describe('lines for a terminal', () => {
  it('keep their line ends and colours', () => {
    expect(escapeUnsafe('\u001b[1ma\u001b[22m\nb\u202e')).toBe('\u001b[1ma\u001b[22m\nb\\u202e');
  });
});
