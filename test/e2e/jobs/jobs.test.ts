// The job files that are shipped: each over an export in the form of its system, through plan and run, and against the schema.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leavers } from '../../support/in-process.ts';
import { newFolder, rowsOf } from '../../support/scenario.ts';
import { leavers as spawnLeavers, ndjson, root } from '../../support/spawn.ts';

const job = (name: string) => join(root, 'jobs', `${name}.json`);
const sample = (name: string) => join(root, 'samples', name);

/** What became of each row of a run in the simulated organization: `reference-or-person action outcome`. */
async function outcomesOf(manifest: string, name: string) {
  const cwd = newFolder();
  const report = join(cwd, 'r.ndjson');
  const args = ['run', manifest, '--job', name, '--sandbox', '--rate', 'none', '--report', report];
  const { code, stderr } = await leavers(args, { cwd });
  const rows = rowsOf(report);
  return {
    code,
    stderr,
    cwd,
    rows: rows.map(({ email, action, reason, outcome }) => [email, action, reason ?? outcome].join(' ')),
  };
}

const ended = (person: string, ...outcomes: string[]) => outcomes.map((outcome) => `${person}@example.com ${outcome}`);

const cases: readonly [export_: string, job: string, rows: readonly string[]][] = [
  [
    'workday.csv',
    'hr-offboarding',
    [
      ...ended('ada', 'suspend-user done', 'remove-user-from-group done'),
      ...ended('lukasz.zolc', 'suspend-user done', 'remove-user-from-group done'),
      ...ended('bobby.tables', 'suspend-user done', 'remove-user-from-group done'),
      ...ended('zoe.lefevre', 'suspend-user held', 'remove-user-from-group held'),
      ...ended('dorothy.vaughan', 'suspend-user admin', 'remove-user-from-group admin'),
      ...ended('somebody.else', 'suspend-user not-found', 'remove-user-from-group not-found'),
    ],
  ],
  [
    'full-closure.csv',
    'full-closure',
    [
      ...['ada', 'lukasz.zolc'].flatMap((name) =>
        ended(
          name,
          'revoke-user-role already',
          ...['suspend-user', 'revoke-api-tokens', 'deactivate-user', 'remove-user'].map((action) => `${action} done`),
        ),
      ),
      ...ended('bobby.tables', 'revoke-user-role already', 'suspend-user done'),
      ...ended('bobby.tables', 'revoke-api-tokens unmanaged', 'deactivate-user unmanaged', 'remove-user held'),
      ...ended('zoe.lefevre', 'revoke-user-role held', 'suspend-user held', 'revoke-api-tokens held'),
      ...ended('zoe.lefevre', 'deactivate-user held', 'remove-user held'),
    ],
  ],
  [
    'bamboohr.csv',
    'bamboohr',
    [
      ...ended('noa.levi', 'suspend-user done'),
      ...ended('olga.petrova', 'suspend-user done'),
      ...ended('sato.haruka', 'suspend-user held'),
    ],
  ],
  [
    'personio.csv',
    'personio',
    [
      ...ended('joerg.mueller', 'suspend-user done'),
      ...ended('oezil', 'suspend-user done'),
      ...ended('eleni', 'suspend-user held'),
    ],
  ],
  [
    'entra.csv',
    'entra',
    [
      ...ended('arjun', 'suspend-user done'),
      ...ended('jonas', 'suspend-user done'),
      ...ended('svc-build', 'suspend-user not-found'),
    ],
  ],
  ['entra-graph.json', 'entra-graph', ['arjun', 'noah'].flatMap((who) => ended(who, 'suspend-user done'))],
  ['google-workspace.csv', 'google-workspace', ['noa.levi', 'sofia'].flatMap((who) => ended(who, 'suspend-user done'))],
  ['okta.csv', 'okta', ['joerg.mueller', 'olga.petrova'].flatMap((who) => ended(who, 'suspend-user done'))],
  ['okta-api.json', 'okta-api', ['joerg.mueller', 'olga.petrova'].flatMap((who) => ended(who, 'suspend-user done'))],
  [
    'personio-en.csv',
    'personio-en',
    [...ended('joerg.mueller', 'suspend-user done'), ...ended('eleni', 'suspend-user held')],
  ],
  ['workday.json', 'hr-offboarding', ended('ada', 'suspend-user done', 'remove-user-from-group done')],
  [
    'atlassian-users.csv',
    'license-cleanup',
    [
      ...['olga.petrova', 'sato.haruka', 'grace'].flatMap((who) =>
        ended(who, `suspend-user ${who === 'grace' ? 'active' : 'done'}`),
      ),
      ...['siobhan.obrien', 'mihkel', 'amelie', 'somchai'].flatMap((who) => ended(who, 'suspend-user done')),
      ...ended('new.joiner', 'suspend-user active'),
      ...ended('dorothy.vaughan', 'suspend-user admin'),
      ...ended('priya.sharma', 'suspend-user active'),
    ],
  ],
  [
    'atlassian-managed.csv',
    'atlassian-managed',
    ['olga.petrova', 'amelie', 'mihkel', 'emma'].flatMap((who) => ended(who, 'suspend-user done')),
  ],
];

/** Leaves out people whom the sample saw in 2026: its dates are fixed, so one day they no longer count as active. */
const settled = (rows: readonly string[]) =>
  rows.filter((row) => !/(grace|priya\.sharma|new\.joiner|kwame)@/.test(row));

describe('each shipped job', () => {
  it.each(cases)('%s through %s.json does this to each person', async (name, jobName, expected) => {
    const { code, rows, stderr } = await outcomesOf(sample(name), job(jobName));
    const wanted = expected.some((row) => /(admin|not-found|unmanaged)$/.test(row)) ? 4 : 0;
    expect([code, settled(rows)]).toEqual([wanted, settled(expected)]);
    expect(stderr).toContain('using columns:');
  });

  it.each(cases)('%s through %s.json is shown by plan without a change', async (name, jobName) => {
    const { code, stdout, stderr } = await leavers(['plan', sample(name), '--job', job(jobName), '--sandbox']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Plan: \d+ to change/)]);
    if (name.endsWith('.csv')) expect(stderr).toContain('ignored columns:');
  });

  it('of a German Excel is read as Windows-1252, and says what it understood', async () => {
    const { stderr } = await leavers(['plan', sample('personio.csv'), '--job', job('personio'), '--offline']);
    expect(stderr).toContain('not UTF-8, so read as Windows-1252: "Ende des Arbeitsverhältnisses", "Jörg", "Müller"');
  });

  it('keeps leading zeros and the case of references', async () => {
    const cwd = newFolder();
    const args = [
      'plan',
      sample('bamboohr.csv'),
      '--job',
      job('bamboohr'),
      '--offline',
      '--out',
      join(cwd, 'p.ndjson'),
    ];
    await leavers(args, { cwd });
    expect(ndjson(join(cwd, 'p.ndjson')).map(({ reference }) => reference)).toEqual(['214', '219', '0230']);
  });
});

describe('a shipped job by its name', () => {
  it('is found from any folder by plan and by template', async () => {
    const cwd = newFolder();
    const args = ['plan', sample('workday.csv'), '--job', 'hr-offboarding', '--offline', '--max-changes', '100'];
    expect(await leavers(args, { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Plan: ') as string,
    });
    const { stdout } = await leavers(['template', 'hr-offboarding'], { cwd });
    expect(stdout).toBe('Work Email,Last Day of Work,Employee ID,Active Status,Hire Date\n');
  });

  it.each(cases.filter(([name]) => name.endsWith('.csv')))(
    'is suggested for %s without a job: %s',
    async (name, jobName) => {
      const { code, stderr } = await leavers(['plan', sample(name), '--offline']);
      expect(code).toBe(65);
      expect(stderr).toMatch(new RegExp(`headers are those of the shipped job .*\\b${jobName}\\b`));
      // It has no headers of its own.
      expect(stderr).not.toContain('product-cleanup');
    },
  );

  it('that does not exist is refused with the nearest name', async () => {
    const { code, stderr } = await leavers(['plan', sample('workday.csv'), '--job', 'bambohr', '--offline']);
    expect([code, stderr]).toEqual([66, expect.stringMatching(/no shipped job of that name; did you mean "bamboohr"/)]);
  });

  it('is listed with all others and with the actions by template', async () => {
    const { stdout } = await leavers(['template'], { cwd: newFolder() });
    expect(stdout).toMatch(/^ {2}suspend-user +\S/m);
    expect(stdout).toMatch(/^ {2}hr-offboarding +A Workday report/m);
    expect(stdout).toMatch(/^ {2}google-workspace +Google Workspace/m);
  });
});

describe('the schema of job files', () => {
  const shipped = readdirSync(join(root, 'jobs')).filter(
    (name) => name.endsWith('.json') && name !== 'job.schema.json',
  );

  it.each(shipped)('%s points at it, is named after its file, and has words for people', (name) => {
    const content = JSON.parse(readFileSync(join(root, 'jobs', name), 'utf8')) as Record<string, unknown>;
    expect(content).toMatchObject({ $schema: './job.schema.json', name: basename(name, '.json') });
    expect(String(content['description']).length).toBeGreaterThan(40);
  });

  it('describes every part', () => {
    const { properties } = JSON.parse(readFileSync(job('job.schema'), 'utf8')) as {
      properties: Record<string, { properties?: object }>;
    };
    expect(Object.keys(properties)).toEqual([
      '$schema',
      'name',
      'description',
      'input',
      'steps',
      'guards',
      'pace',
      'prices',
      'report',
    ]);
  });
});

describe("a job's report", () => {
  const written = (content: object) => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'job.json'), JSON.stringify(content));
    writeFileSync(join(cwd, 'm.csv'), 'action,email\nsuspend-user,ada@example.com\n');
    return cwd;
  };
  const reports = (cwd: string, name = 'out') => readdirSync(join(cwd, name)).filter((file) => !file.endsWith('.lock'));

  it('has its folder and name, with the page and the table replaced beside it each time', async () => {
    const cwd = written({
      name: 'nightly',
      report: { folder: 'out', name: '{job}-of-{manifest}', html: true, csv: true },
    });
    const args = ['run', 'm.csv', '--job', 'job.json', '--sandbox', '--rate', 'none', '--resume'];
    expect((await leavers(args, { cwd })).code).toBe(0);
    const first = readFileSync(join(cwd, 'out', 'job-of-m.html'), 'utf8');
    expect((await leavers(args, { cwd })).code).toBe(0);
    expect(reports(cwd)).toEqual(['job-of-m.csv', 'job-of-m.html', 'job-of-m.ndjson']);
    expect(readFileSync(join(cwd, 'out', 'job-of-m.html'), 'utf8')).not.toBe(first);
  });

  it('can have its page somewhere else, and metrics for Prometheus', async () => {
    const cwd = written({ report: { folder: 'out', name: 'r', html: 'latest.html', metrics: 'leavers.prom' } });
    // The program's own folder counts for the path of the metrics.
    await spawnLeavers(['run', 'm.csv', '--job', 'job.json', '--sandbox', '--rate', 'none'], { cwd });
    expect(readFileSync(join(cwd, 'latest.html'), 'utf8')).toContain('<h1>The row succeeded or needed no change</h1>');
    expect(readFileSync(join(cwd, 'leavers.prom'), 'utf8')).toMatch(/^leavers_\w+/m);
  });

  it("that can't be drawn is reported, and the run ends with its own exit code", async () => {
    const cwd = written({ report: { folder: 'out', name: 'r', html: 'no/such/folder/page.html' } });
    const { code, stderr } = await leavers(['run', 'm.csv', '--job', 'job.json', '--sandbox', '--rate', 'none'], {
      cwd,
    });
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('warning: no/such/folder/page.html could not be written'),
    ]);
  });

  it.each([
    [{ repport: {} }, /"repport".*report/],
    [{ guards: { maxChange: 5 } }, /maxChange.*maxChanges/],
    [{ report: { name: '../../etc/cron' } }, /without a folder/],
    [{ steps: [{ action: 'suspend-users' }] }, /suspend-user/],
    [{ input: { columns: { emial: 'Work Email' } } }, /emial.*email/],
    [{ guards: { allow: ['remove-users'] } }, /remove-user/],
    [{ input: { wheer: [] } }, /job\.json:1: input: "wheer" is not a known key; did you mean "where"\?/],
    [{ report: { name: '{jop}-{date}' } }, /placeholder.*\{job\}/],
    [{ steps: [] }, /steps: is empty/],
    [[], /is not a job file; start with/],
  ])('that is wrong is refused with the nearest right word: %j', async (content, words) => {
    const cwd = written(content);
    const { code, stderr } = await leavers(['plan', 'm.csv', '--job', 'job.json', '--offline'], { cwd });
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
  });

  it.each([
    ['job.json', 'name: x', /job\.json:1: is not valid JSON \(column 1\); .*name the file \.yaml/],
    ['job.json', '// ours\n{"name": "x",\n/* none */ "steps": [1 2]}', /job\.json:3: is not valid JSON \(column 24\)/],
    ['job.json', '{"name": "x", /* once */\n"name": "y"}', /job\.json: has the key "name" twice in one place/],
    ['job.json', `{"name": ${'['.repeat(100_000)}`, /job\.json: is nested too deep for a job file/],
    ['job.yaml', 'name: x\n---\nname: y\n', /several documents/],
    ['job.yaml', 'input: { constants: { reference: 007 } }\n', /"007" is a number to YAML and would become 7/],
    ['job.yaml', 'name: x\n\ninput:\n  columns:\n    emial: Mail\n', /job\.yaml:5: input\.columns: "emial".*"email"/],
    ['job.yaml', 'a: &a [*a]', /"a" is not a known key/],
    [
      'job.yaml',
      'input:\n  columns: { email: Mail }\nsteps:\n  - action: suspend-user\n  - action: add-user-to-group\n',
      /job\.yaml:5: steps\[2\]: add-user-to-group needs groupId or groupName/,
    ],
  ])('%s with %j is refused with its place and what to do', async (name, text, words) => {
    const cwd = written({});
    writeFileSync(join(cwd, name), text);
    const { code, stderr } = await leavers(['plan', 'm.csv', '--job', name, '--offline'], { cwd });
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
  });

  it.each([
    [{ input: { delimiter: 'semicolon' } }, /input\.delimiter: "semicolon" is not one character; give one of , ;/],
    [{ input: { encoding: 'utf-9' } }, /input\.encoding: "utf-9" is not an encoding; give one like utf-8/],
    [{ input: { dates: { format: 'DD.MM.YYYY' } } }, /format "DD\.MM\.YYYY" .*write it like dd\.MM\.yyyy/],
    [{ input: { dates: { locale: 'klingon-xx' } } }, /locale "klingon-xx" is not known; give a language like en/],
    [{ input: { where: [{ column: 'Status', in: [] }] } }, /input\.where\[1\]\.in: is empty, so no row/],
    [{ steps: 'suspend-user' }, /steps: "suspend-user" has the wrong type; give a list in \[ \]/],
    [{ pace: { concurrency: '8' } }, /concurrency: "8" has the wrong type; give a number without quotes/],
    [{ prices: { confluence: -1 } }, /prices\.confluence: "-1" is too small; give 0 or more/],
    [{ prices: { confluence: '5' } }, /prices: has a value that is not a price; give a number for each product/],
  ])('that could not work is refused at its line before a row is read: %j', async (content, words) => {
    const cwd = written(content);
    const { code, stderr } = await leavers(['plan', 'm.csv', '--job', 'job.json', '--offline'], { cwd });
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
    expect(stderr).toMatch(/^leavers: job\.json:1: /);
  });

  it('in YAML may take parts over from one another', async () => {
    const cwd = written({});
    const steps =
      '  - &leave { action: remove-user-from-group, groupName: staff }\n  - { <<: *leave, groupName: guests }\n';
    writeFileSync(join(cwd, 'job.yaml'), `input: { columns: { email: Mail } }\nsteps:\n${steps}`);
    writeFileSync(join(cwd, 'e.csv'), 'Mail\nada@example.com\n');
    const { code, stdout } = await leavers(['plan', 'e.csv', '--job', 'job.yaml', '--offline'], { cwd });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/ada@example\.com · staff[\s\S]*ada@example\.com · guests/),
    ]);
  });

  it('with tabs has a template with tabs', async () => {
    const cwd = written({
      input: { delimiter: 'tab', columns: { email: 'Mail', reference: 'Id' } },
      steps: [{ action: 'suspend-user' }],
    });
    expect((await leavers(['template', 'job.json'], { cwd })).stdout).toBe('Mail\tId\n');
  });
});

describe('the name of a job', () => {
  it('is in the plan, as text and as JSON, and in the report', async () => {
    const args = [sample('workday.csv'), '--job', 'hr-offboarding', '--sandbox', '--rate', 'none'];
    const cwd = newFolder();
    const report = join(cwd, 'r.ndjson');
    const plan = await leavers(['plan', ...args], { cwd });
    expect(plan.stdout).toMatch(/^Job hr-offboarding: A Workday report/m);
    const { stdout } = await leavers(['plan', ...args, '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ job: { name: 'hr-offboarding' } });
    await leavers(['run', ...args, '--report', report], { cwd });
    expect(ndjson(report)[0]).toMatchObject({ event: 'run-start', jobName: 'hr-offboarding' });
  });
});
