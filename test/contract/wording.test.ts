// Wordings that readers found hard to understand and that were replaced: none of them comes back in code, help, pages or documents.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const files = ['src/**/*.ts', 'scripts/*.ts', 'docs/**/*.md', 'jobs/**/*', 'man/*', '*.md', 'package.json'];
const texts = globSync(files, { cwd: root, withFileTypes: true })
  // Upgrading quotes what was said before.
  .filter((each) => each.isFile() && each.name !== 'upgrading.md')
  .map((each) => readFileSync(join(each.parentPath, each.name), 'utf8').toLowerCase());

const replaced = [
  'know afterwards who was done',
  'rows are as wished',
  'failed or are unknown',
  "read the api's words",
  'look whether',
  'nothing depends on guesses',
  'finishing what is under way',
  'stops at once',
  'if that is meant',
  'needs a yes',
  'nobody can be asked',
  'by an earlier run and left alone',
  'already so',
  'stands earlier in the manifest',
  '--include-admins lifts',
  'by what became of them',
  'where this comes from',
  'to the content',
  'told to wait',
  'patience with',
  'columns that nobody knows',
  'open at a time',
  'only the first change tells',
  'be made good',
  'left out or held',
  'wholly brought back',
  'embedded organization',
  '## words\n',
  'taking it back',
];

it.each(replaced)('"%s" does not come back', (wording) => {
  const pattern = new RegExp(wording);
  expect(texts.filter((text) => pattern.test(text)).map((text) => text.split('\n')[0])).toEqual([]);
});

// Words of a private dialect: no message, comment, document or test title has them.
const banned = [
  /\bwhoever\b/,
  /\banew\b/,
  /\bso many\b/,
  /\b(comes?|came|not come) to\b/,
  /\b(is|are|was|were) told\b/,
  /\bany ?more\b/,
  /\bnobody knows\b/,
  /\bknown of\b/,
  /\bwished\b/,
  /\bway back\b/,
  /\bis too many\b/,
];

/** Titles of tests: the first text of `it`, `describe` and `test`, also after `each`. */
function titlesIn(source: string): string[] {
  const calls = /(?:\b(?:it|describe|test)(?:\.concurrent)?|\))\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async )?\(/gs;
  return [...source.matchAll(calls)].map(([, , title = '']) => title.toLowerCase());
}

const titles = globSync('test/**/*.test.ts', { cwd: root, withFileTypes: true }).flatMap((each) =>
  titlesIn(readFileSync(join(each.parentPath, each.name), 'utf8')),
);

it.each(banned)('%s is in no text and no test title', (word) => {
  expect(titles.length).toBeGreaterThan(1000);
  const sentences = texts.filter((text) => word.test(text)).flatMap((text) => text.split('\n'));
  expect([...sentences, ...titles].filter((sentence) => word.test(sentence))).toEqual([]);
});
