// findUnsafeCharacter: finds characters in an address or a name that are invisible or look like others.

/** All spaces except the plain one, control and format characters, lone surrogates, and invisible fillers. */
const invisible =
  /(?! )(?:[\p{Cc}\p{Cf}\p{Z}\p{Cs}\u115f\u1160\u3164\uffa0\u2800]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0e])/u;
/** A joiner between two emoji is allowed. */
const joinedPictures = /(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})/gu;

/** Scripts with letters that look like Latin ones. */
const similarScripts = [
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
] as const;
/** Cyrillic and Greek letters that look like Latin ones. */
const doubles = /^[асеорхуіјѕԁһӏԛԝвкмнтзАВСЕНІЈКМОРЅТХУԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαικνρτυχ]+$/u;

const names: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space',
  '\u202f': 'a narrow no-break space',
  '\u00ad': 'a soft hyphen',
  '\u200b': 'a zero-width space',
  '\u200c': 'a zero-width non-joiner',
  '\u200d': 'a zero-width joiner',
  '\u2060': 'a word joiner',
  '\ufeff': 'a byte order mark',
  '\t': 'a tab',
  '\n': 'a line break',
  '\r': 'a line break',
  '\uff20': 'a full-width @',
};

/** The first such character in words, like `a soft hyphen (U+00AD)`, or undefined. */
export function findUnsafeCharacter(text: string, kind: 'address' | 'name'): string | undefined {
  if (/^[\x20-\x7e]*$/.test(text)) return undefined;
  const hidden = invisible.exec(text.replace(joinedPictures, ''))?.[0];
  if (hidden !== undefined) return `${names[hidden] ?? 'a character that is not visible'} (${codePointOf(hidden)})`;
  const wide =
    kind === 'address' ? Array.from(text).find((char) => char.normalize('NFKC') !== char.normalize('NFC')) : undefined;
  if (wide !== undefined) {
    const plainForm = wide.normalize('NFKC');
    return `${names[wide] ?? `a character that looks like "${plainForm}"`} (${codePointOf(wide)})`;
  }
  return findForeignLetter(text);
}

/** A letter of another script within a Latin word, or a word of look-alike letters only among Latin words. */
function findForeignLetter(text: string): string | undefined {
  if (!/\p{Script=Latin}/u.test(text)) return undefined;
  for (const word of text.match(/[\p{L}\p{M}]+/gu) ?? []) {
    const dressed = /[a-z]/i.test(word) ? Array.from(word).find(isDressedLatin) : undefined;
    if (dressed !== undefined)
      return `a character that looks like "${dressed.normalize('NFKC')}" (${codePointOf(dressed)}) among plain letters`;
    if (!/\p{Script=Latin}/u.test(word) && !doubles.test(word)) continue;
    for (const [script, letters] of similarScripts) {
      const found = letters.exec(word)?.[0];
      if (found !== undefined) return `the ${script} letter "${found}" (${codePointOf(found)}) among Latin letters`;
    }
  }
  return undefined;
}

/** Plain Latin letters in another form, like the full-width s, a bold one of mathematics, or the ligature of f and i. */
function isDressedLatin(char: string): boolean {
  return !/[\x20-\x7e\u00aa\u00ba]/.test(char) && /^[a-z]+$/i.test(char.normalize('NFKC'));
}

function codePointOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
