// mutateWorkbook: an Excel workbook with damaged XML, missing parts, or damage to the archive itself.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Random } from '../simulate/random.ts';
import { mutateBytes } from './mutate-bytes.ts';

/** XML that a spreadsheet may write, in places where it should not. */
const snippets = [
  '<row r="0">',
  '<row r="2" hidden="1"/>',
  '<row r="-1" hidden="true">',
  '<row r="99999999999">',
  '</row>',
  '<c/>',
  '<c r="A0"/>',
  '<c r="B2" t="s"><v>99999</v></c>',
  '<c r="B2" t="e"><v>#N/A</v></c>',
  '<c r="ZZZZ9"><v>1</v></c>',
  '<c r="C3" s="1"><v>1e999</v></c>',
  '<c r="C3" s="1"><v>-1</v></c>',
  '<c r="C3" s="1"><v>2958466</v></c>',
  '<c r="C3" s="99"><v>x</v></c>',
  '<c r="C3" t="d"><v>2026-01-01</v></c>',
  '<c r="C3" t="b"><v>1</v></c>',
  '<c r="C3"><f>A1</f></c>',
  '<autoFilter ref="A1"><filterColumn colId="0"/></autoFilter>',
  '<cols><col min="0" max="99999999" hidden="1"/></cols>',
  '<cols><col min="2" max="2" hidden="true"/></cols>',
  '<workbookPr date1904="true"/>',
  '<sheet name="&amp;&#x1f;" sheetId="9" r:id="rId9"/>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '&#0;',
  '<![CDATA[',
  '<!--',
  '<x:c xmlns:x="y" r="A9" t="inlineStr"><x:is><x:t>z</x:t></x:is></x:c>',
];

/** One to three changes. */
export function mutateWorkbook(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.15)) return mutateBytes(Buffer.from(bytes), random);
  const parts = unzipSync(bytes);
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    const path = random.pick(Object.keys(parts));
    const xml = strFromU8(parts[path] ?? new Uint8Array());
    const kind = random.int(0, 9);
    if (kind === 0) delete parts[path];
    else if (kind < 3) parts[path] = new Uint8Array(mutateBytes(Buffer.from(xml), random));
    else parts[path] = strToU8(spliced(xml, random));
  }
  return Object.keys(parts).length === 0 ? bytes : zipSync(parts, { level: 0 });
}

/** A snippet before a tag of the XML, or in the place of one. */
function spliced(xml: string, random: Random): string {
  const tags = [...xml.matchAll(/<[^>]*>/g)];
  if (tags.length === 0) return random.pick(snippets);
  const { 0: tag, index } = random.pick(tags);
  return xml.slice(0, index) + random.pick(snippets) + xml.slice(index + (random.chance(0.3) ? tag.length : 0));
}
