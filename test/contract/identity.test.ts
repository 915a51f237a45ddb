// Row keys and report hashes as earlier versions wrote them: a changed value here breaks resume and verify of existing reports.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openManifests } from '../../src/manifest/manifest-set.ts';
import { createJournal } from '../../src/report/journal/journal.ts';
import { folder } from '../support/spawn.ts';
import { world } from '../support/context.ts';
import { end, start } from '../torture/journals.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());

const csv = `action,accountId,email,groupName,role,resource,roles,groups,notBefore,reference
suspend-user,,Ana@Example.com,,,,,,,HR-1
suspend-user,,ana@example.com,,,,,,2026-03-31,HR-2
suspend-user,,ana@example.com,,,,,,,HR-3
remove-user,557058:1d8f3b52-0000-4000-8000-000000000001,,,,,,,,
add-user-to-group,,zoe@example.com,  Équipe Nord ,,,,,,
invite-user,,new@example.com,,atlassian/user,ari:cloud:jira::site/1d8f3b52-0000-4000-8000-000000000001,,B;a,,
assign-group-roles,,,Ops,,,atlassian/user@ari:cloud:jira::site/2;atlassian/admin@ari:cloud:jira::site/1,,,
suspend-user,,jo@,,,,,,,
`;
const ndjson = `{"action":"create-group","groupName":"Nord","description":"Two\\nlines"}
{ "email" : "kai@example.com", "action" : "get-last-active" }
{"action":"suspend-user","email":"kai@example.com","onlyIfInactiveDays":90,"products":["confluence"]}
{"action":"suspend-user","email":7}
`;

async function keysOf(name: string, text: string): Promise<string[]> {
  const path = join(home.path, name);
  writeFileSync(path, text);
  const set = await openManifests([path], {}, world());
  const keys: string[] = [];
  for await (const rows of set.batches())
    for (const row of rows) keys.push(row.kind === 'invalid' ? row.key : row.record.key);
  await set.close();
  return keys;
}

describe('a key of a row', () => {
  it('is the same for the same CSV row in every version', async () => {
    expect(await keysOf('keys.csv', csv)).toMatchInlineSnapshot(`
      [
        "c03cb6b5ed078a840f7279d23f146d36",
        "1c910aa41d20cef9a140bb24509f4093",
        "6d2efbd412e2256a369395f148d85159",
        "3e4b8ebce82ccf020491577f574f7046",
        "f529e5687bb2df46b76b45dc1386074f",
        "dcc45fd747f4665feb50e477e0f75fda",
        "442d83471ffa248e880f9480a7cc681b",
        "b06adcaf518b9767ed6c2a3fd5a396dc",
      ]
    `);
  });

  it('is the same for the same NDJSON row in every version', async () => {
    expect(await keysOf('keys.ndjson', ndjson)).toMatchInlineSnapshot(`
      [
        "a733b477803025926f412b419508e0a8",
        "4329682e4b7fb36ec19f9b71105e7d49",
        "6f15e92d8099a8c1eef5d458013775c8",
        "797592d701b188086fe34a7b5923c44a",
      ]
    `);
  });

  it('is the same whether rows stand in NDJSON, in a list or under "rows"', async () => {
    const list = `[${ndjson.trim().split('\n').join(',\n')}]`;
    const keys = await keysOf('keys.ndjson', ndjson);
    expect(await keysOf('list.json', list)).toEqual(keys);
    expect(await keysOf('rows.json', `{"rows": ${list}}`)).toEqual(keys);
  });
});

describe('a line of a report', () => {
  it('has the same bytes and the same hash in every version', async () => {
    const path = join(home.path, 'report.ndjson');
    const clock = { now: () => Date.UTC(2026, 0, 1), monotonic: () => 0 };
    const journal = await createJournal({ path, runId: 'r1', context: world({ clock }) });
    await journal.append(start);
    await journal.append(end(1, 'done', 'Zoé\u0085 "x"\u2028\u202e\u001b[0m'));
    await journal.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(-39))).toMatchInlineSnapshot(`
      [
        ""h":"a0e17d46d9256ee3ed852baa0fc2b612"}",
        ""h":"e3175fb6f26961cdf27877de06d2bf0f"}",
      ]
    `);
    expect(lines[1]).toContain(String.raw`"reference":"Zoé\u0085 \"x\"\u2028\u202e\u001b[0m"`);
  });
});
