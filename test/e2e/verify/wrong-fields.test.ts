// A report whose chain is intact around a field of a wrong type is a wrong input, not a bug; and what files are called rings no bell.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chainStart, linkLine, unlinkLine } from '../../../src/report/hash-chain.ts';
import { file, manifest, newFolder, path, scenario } from '../../support/scenario.ts';

/** A report as a copy with one field changed in the line of an event, and a chain that fits. */
function withField(report: string, event: string, change: object): string {
  let previous = chainStart;
  const lines = readFileSync(report, 'utf8').trimEnd().split('\n');
  const linked = lines.map((text) => {
    const body = JSON.parse(unlinkLine(text)?.body ?? '{}') as Record<string, unknown>;
    const { line, h } = linkLine(previous, JSON.stringify(body['event'] === event ? { ...body, ...change } : body));
    previous = h;
    return line;
  });
  return file('odd.ndjson', `${linked.join('\n')}\n`);
}

describe('a field of a wrong type', () => {
  it.each([
    ['row', { email: 7 }],
    ['row', { outcome: 'fine' }],
    ['row', { fields: null }],
    ['row', { time: 'yesterday' }],
    ['run-start', { manifests: 'm.csv' }],
    ['run-start', { settings: null }],
    ['run-end', { counts: [] }],
    ['run-end', { unsent: 7 }],
    ['verification', { key: 7 }],
    ['verification', { checked: 'live' }],
    ['verification', { auditEvent: { id: 'x' } }],
    ['verification', { open: { groups: 'Ops', roles: null, apiTokens: null, admin: null } }],
  ])('in a line %s, %j, ends every command that reads it with 65', async (event, change) => {
    await using s = await scenario({ people: 1 });
    const { report, manifest: m } = await s.run(1);
    if (event === 'verification') await s.leavers(['verify', report, '--live', '--record']);
    const odd = withField(report, event, change);
    const commands = [
      ['report', odd],
      ['undo', odd],
      ['report', odd, '--evidence', '-'],
      ['run', m, '--report', odd, '--resume', '--yes'],
    ];
    for (const args of commands) {
      const { code, stderr } = await s.leavers(args);
      expect([code, stderr]).toEqual([65, expect.stringContaining('has the wrong type')]);
    }
  });
});

describe('control characters in the name of a file', () => {
  it('reach neither the terminal nor a cell of a table', async () => {
    await using s = await scenario({ people: 1 });
    const odd = join(newFolder(), 'a\u001b]0;owned\u0007b.ndjson');
    renameSync(manifest(1), odd);
    const [report, csv] = [path('r.ndjson'), path('t.csv')];
    const ran = await s.run(odd, [], { report });
    const shown = await s.leavers(['report', report, '--csv', csv]);
    writeFileSync(odd, '{"action":"suspend-user","email":"jo@"}\n');
    const refused = await s.run(odd);
    const texts = [ran, shown, refused].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    expect(refused.code).toBe(65);
    for (const text of [...texts, readFileSync(csv, 'utf8')]) expect(text).not.toMatch(/(?![\t\r\n])\p{Cc}/u);
  });
});
