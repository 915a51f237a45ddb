// mutateBytes: a text file with damage: bytes, quotes, separators, line breaks, encodings, lengths.
import type { Random } from '../simulate/random.ts';

type Change = (bytes: Buffer, random: Random) => Buffer;

/** Texts with a meaning for some reader. */
const signs = [
  ...'",;|\t\r\n{}[]:=\'#\u0000\u001a\u2028'.split(''),
  '""',
  '\r\n',
  '\ufeff',
  '="1"',
  'sep=;\n',
  'sep="\n',
  '#TYPE x\n',
  '\\u0000',
  '\\ud800',
  '//',
  '/*',
  'null',
  '-0',
  '1e999',
  '9999-12-31',
  '0000-00-00',
  '5.57058E+23',
  '#REF!',
  '__proto__',
  'constructor',
  '\u202e',
  '\u00a0',
  '\u200b',
  '\u0430@e.com',
  '?',
];

const place = (bytes: Buffer, random: Random) => random.int(0, bytes.length);

function insert(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

/** From a place to another one, at most 400 bytes later. */
function range(bytes: Buffer, random: Random): [number, number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + random.int(0, 400))];
}

function recoded(bytes: Buffer, random: Random): Buffer {
  const text = Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le');
  const kind = random.int(0, 3);
  if (kind === 0) return text;
  if (kind === 1) return text.length % 2 === 0 ? text.swap16() : text;
  return kind === 2 ? Buffer.from(bytes.toString('utf8'), 'latin1') : Buffer.concat([Buffer.from('\ufeff'), bytes]);
}

const changes: readonly Change[] = [
  (bytes, random) => insert(bytes, place(bytes, random), Buffer.from(random.pick(signs))),
  (bytes, random) => insert(bytes, place(bytes, random), Buffer.from(random.pick(signs))),
  (bytes, random) => insert(bytes, place(bytes, random), Buffer.from([random.int(0, 255), random.int(0, 255)])),
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  (bytes, random) => {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => insert(bytes, place(bytes, random), bytes.subarray(...range(bytes, random))),
  (bytes, random) => Buffer.concat([bytes, bytes.subarray(place(bytes, random))]),
  (bytes, random) => insert(bytes, place(bytes, random), Buffer.from(random.pick(signs).repeat(random.int(2, 3000)))),
  (bytes, random) =>
    Buffer.from(bytes.toString('latin1').replaceAll('\n', random.pick(['\r', '\r\n', '\n\n'])), 'latin1'),
  (bytes, random) =>
    Buffer.from(bytes.toString('latin1').replaceAll(',', random.pick([';', '\t', '|', ',,'])), 'latin1'),
  recoded,
];

/** What long cells are full of: each is where some pattern might backtrack. */
const fillers = [
  'a',
  ' ',
  'T',
  '"',
  '""',
  '\u00a0',
  '[',
  '{"a":',
  '-',
  '0',
  '@',
  '.',
  ' a',
  '\\',
  '\n',
  ',',
  'T-',
  '\u0301',
];

/** One to three changes, and sometimes a text as long as a row may be, or longer. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let left = random.int(1, 3); left > 0; left -= 1) changed = random.pick(changes)(changed, random);
  if (!random.chance(0.02)) return changed;
  const length = random.pick([20_000, 130_000, 250_000, 300_000]);
  const filler = random.pick(fillers);
  return insert(changed, place(changed, random), Buffer.from(filler.repeat(length / Buffer.byteLength(filler))));
}
