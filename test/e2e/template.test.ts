// `leavers template`: files to fill in, and drafts of job files for exports that no job knows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutComments } from '../../src/manifest/read/json-structure.ts';
import { planExport } from '../support/export-plan.ts';
import { leavers } from '../support/in-process.ts';
import { file } from '../support/scenario.ts';
import { root } from '../support/spawn.ts';

interface Draft {
  readonly input: {
    readonly columns: Readonly<Record<string, string>>;
    readonly rows?: string;
    readonly dates?: { readonly format?: string };
    readonly known?: Readonly<Record<string, readonly string[]>>;
  };
}

async function draft(path: string) {
  const { code, stdout } = await leavers(['template', '--from', path]);
  return { code, stdout, job: JSON.parse(withoutComments(stdout)) as Draft };
}

/** Parts of a draft that neither agree with the shipped job nor ask a question that has its answer. */
function differences(made: Draft['input'], wanted: Draft['input']): string[] {
  const names = (source: unknown) => JSON.stringify(source ?? '').replaceAll('_', ' ');
  const columns = Object.entries(wanted.columns).flatMap(([column, source]) => {
    const read = made.columns[column] ?? 'missing';
    const isAsked =
      read.startsWith('? Which') &&
      [source].flat().some((each) => names(read).includes(names(each).slice(1, -1)) || typeof each === 'object');
    return isAsked || names(source).includes(names(read)) ? [] : [`${column}: ${read}, not ${JSON.stringify(source)}`];
  });
  const known = Object.entries(made.known ?? {}).flatMap(([header, words]) => {
    const [, all = []] = Object.entries(wanted.known ?? {}).find(([each]) => names(each) === names(header)) ?? [];
    const folded = all.map((word) => word.toLowerCase());
    return words.filter((word) => !folded.includes(word.toLowerCase())).map((word) => `known ${header}: ${word}`);
  });
  const format = made.dates?.format ?? 'yyyy-MM-dd';
  const isRead =
    made.dates === undefined || format.startsWith('?') || names(wanted.dates?.format ?? 'yyyy-MM-dd').includes(format);
  const rows = made.rows === wanted.rows || made.rows === undefined ? [] : [`rows: ${made.rows}`];
  return [...columns, ...known, ...(isRead ? [] : [`dates: ${format}`]), ...rows];
}

const sample = (name: string) => join(root, 'samples', name);
const shipped = (name: string) => JSON.parse(readFileSync(join(root, 'jobs', `${name}.json`), 'utf8')) as Draft;

describe('a draft of a job file', () => {
  it.each([
    ['bamboohr.csv', 'bamboohr'],
    ['personio.csv', 'personio'],
    ['personio-en.csv', 'personio-en'],
    ['okta.csv', 'okta'],
    ['okta-api.json', 'okta-api'],
    ['google-workspace.csv', 'google-workspace'],
    ['entra.csv', 'entra'],
    ['entra-graph.json', 'entra-graph'],
    ['atlassian-users.csv', 'license-cleanup'],
    ['atlassian-managed.csv', 'atlassian-managed'],
    ['workday.csv', 'hr-offboarding'],
    ['workday.json', 'hr-offboarding'],
  ])('of %s says what the shipped job %s says, or asks', async (name, job) => {
    const { code, job: made } = await draft(sample(name));
    expect(code).toBe(0);
    expect(differences(made.input, shipped(job).input)).toEqual([]);
  });

  it('of JSON names where the rows and the nested values are', async () => {
    expect((await draft(sample('entra-graph.json'))).job.input.rows).toBe('value');
    const { input } = (await draft(sample('okta-api.json'))).job;
    expect(input.columns['email']).toMatch(/^\? Which column .*"profile\.login" or "profile\.email"/);
  });

  it('asks what the cells do not settle, with counts and forms', async () => {
    const text = 'Nr,Mail,State,Exit\n1,a@example.com,gone,01/02/2026\n2,b@example.com,here,\n3,c@example.com,here,\n';
    const { stdout, job } = await draft(file('people.csv', text));
    expect(stdout).toContain('Which of these mean that somebody has left: \\"here\\" (2) or \\"gone\\" (1)');
    expect(job.input.dates).toMatchObject({ format: '? Which form do all dates have: MM/dd/yyyy or dd/MM/yyyy' });
  });

  it('is refused by a plan until each question is answered', async () => {
    const content = readFileSync(sample('personio-en.csv'), 'utf8');
    const { job } = await draft(sample('personio-en.csv'));
    const { code, stderr } = await planExport(content, job);
    expect([code, stderr]).toEqual([65, expect.stringMatching(/input\.where\[1\]\.in\[1\]: .* is an open question/)]);
    const text = JSON.stringify(job)
      .replace(/"\? Which of these[^\]]*"\]/, '"Inactive"]')
      .replace(/"\? In which[^"]*"/, '"UTC"');
    expect((await planExport(content, JSON.parse(text) as object)).rows).toEqual([
      'joerg.mueller@example.com 2026-09-30T23:59:59.999Z',
    ]);
  });

  it('of a file that can not be read says why', async () => {
    const { code, stderr } = await leavers(['template', '--from', file('people.xls', '<html><table></table></html>')]);
    expect([code, stderr]).toEqual([65, expect.stringContaining('is an HTML page')]);
  });

  it('and a template at once are too much', async () => {
    expect((await leavers(['template', 'suspend-user', '--from', sample('okta.csv')])).code).toBe(64);
  });
});

describe('the list of templates', () => {
  it('is wrapped behind the names', async () => {
    const { stdout } = await leavers(['template'], { columns: 80 });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^ {2}product-cleanup +One product, .*\n {10,}\S/m);
  });
});
