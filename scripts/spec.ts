// `npm run spec -- FILE`: compares a newer published OpenAPI file with the stored facts; `--write` stores its facts instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareFacts } from '../src/specification/compare.ts';
import { extractFacts } from '../src/specification/extract.ts';
import { type DocumentName, storedOperations } from '../src/specification/operations.ts';
import { storedFacts } from '../src/specification/stored-facts.ts';

const words = process.argv.slice(2);
const file = words.find((word) => !word.startsWith('--'));
if (file === undefined) {
  console.error(
    'usage: npm run spec -- FILE [--write]   (FILE: a published OpenAPI file of the organization or user management API)',
  );
  process.exit(64);
}
const document = JSON.parse(readFileSync(file, 'utf8')) as { paths?: Record<string, unknown> };
const name = documentName(document.paths ?? {});
const newer = extractFacts(document, storedOperations(name));
if (words.includes('--write')) {
  const path = join(import.meta.dirname, '..', 'src', 'specification', 'facts', `${name}.json`);
  writeFileSync(path, `${JSON.stringify(newer, undefined, 1)}\n`);
  console.log(`${name}: facts of ${Object.keys(newer.operations).length} operations written`);
} else {
  const changes = compareFacts(storedFacts[name], newer);
  const count = storedOperations(name).length;
  console.log(
    [
      ...changes,
      changes.length === 0
        ? `${name}: no change in the ${count} operations in use`
        : `${name}: ${changes.length} changes`,
    ].join('\n'),
  );
  process.exitCode = changes.length === 0 ? 0 : 1;
}

/** Which of the documents a file is, by the paths that it has. */
function documentName(paths: Record<string, unknown>): DocumentName {
  if ('/users/{account_id}/manage' in paths) return 'user-management';
  return '/v1/orgs/{orgId}/directory/users/{accountId}/suspend-access' in paths ? 'organization-v1' : 'organization';
}
