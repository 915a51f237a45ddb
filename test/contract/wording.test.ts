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
