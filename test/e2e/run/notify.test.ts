// --notify: one message at every ending, in the form of its receiver; it changes nothing and its address is not printed.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notificationBody } from '../../../src/commands/monitoring/notification.ts';
import { org, person } from '../../support/organization.ts';
import { file, manifest, path, scenario, suspend } from '../../support/scenario.ts';
import { start } from '../../support/spawn.ts';

const text = z.string().min(1).max(4000);
/** What each receiver takes, and nothing else. Slack and Google Chat refuse fields that they do not know. */
const forms = {
  slack: z.strictObject({ text }),
  'google-chat': z.strictObject({ text }),
  teams: z.strictObject({
    type: z.literal('message'),
    text,
    attachments: z.tuple([
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.literal('1.4'),
          body: z.tuple([
            z.strictObject({ type: z.literal('TextBlock'), text, wrap: z.literal(true) }),
            z.strictObject({
              type: z.literal('FactSet'),
              facts: z.array(z.strictObject({ title: z.string().min(1), value: z.string() })).min(1),
            }),
          ]),
        }),
      }),
    ]),
  }),
  any: z.strictObject({
    text,
    command: z.string(),
    exitCode: z.number(),
    runs: z.array(z.looseObject({ org: z.string() })).min(1),
  }),
};
type Form = keyof typeof forms;

const paths: Readonly<Record<Form, string>> = {
  slack: '/services/T024BE7LD/B024BE7LD/hunter2',
  'google-chat': '/v1/spaces/AAAA/messages?key=hunter2',
  teams: '/workflows/0f1e/triggers/manual/paths/invoke?sig=hunter2',
  any: '/hooks/hunter2',
};

interface Message {
  readonly text: string;
  readonly runs?: readonly Record<string, unknown>[];
}

/** A receiver that answers 400 to whatever is not of its form. */
async function openReceiver(form: Form, status = 200) {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isJson = request.method === 'POST' && request.headers['content-type'] === 'application/json';
      const read = forms[form].safeParse(JSON.parse(Buffer.concat(parts).toString() || 'null'));
      if (read.success) messages.push(read.data);
      response.writeHead(read.success && isJson ? status : 400).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    messages,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths[form]}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('--notify', () => {
  it.each(Object.keys(forms) as Form[])('sends one message that a receiver of the form %s takes', async (form) => {
    await using s = await scenario({ people: 2 });
    await using receiver = await openReceiver(form);
    const { code, stderr, report } = await s.run(2, ['--notify', receiver.url]);
    expect([code, stderr, receiver.messages.length]).toEqual([0, expect.not.stringContaining('warning'), 1]);
    const [sent] = receiver.messages;
    expect(sent?.text).toMatch(
      /^run .*r\.ndjson \(organization 6665a2c0\S+\): 2 of 2 rows succeeded or needed no change\. Exit code 0\. Report /,
    );
    if (form === 'any')
      expect(sent?.runs).toMatchObject([{ org, exitCode: 0, outcome: 'complete', done: 2, failed: 0, report }]);
  });

  it.each([
    [
      'people who keep access',
      4,
      [suspend(0), suspend(9)],
      /1 of 2 rows .*, 1 skipped, 1 person keeps access that should have ended\. Exit code 4/,
    ],
    ['a refused plan', 78, [suspend(0), suspend(1)], /Not run: refused: 2 changes, but .* Exit code 78\.$/],
    [
      'an invalid row, without its content',
      65,
      [{ action: 'suspend-user', email: 'no@' }],
      /Not run: the input is invalid; see the log\. Exit code 65\.$/,
    ],
  ])('tells %s', async (_, code, rows, words) => {
    await using s = await scenario({ people: 2 });
    await using receiver = await openReceiver('any');
    const limit = code === 78 ? ['--max-changes', '1'] : [];
    const ended = await s.run(rows, ['--notify', receiver.url, ...limit]);
    expect([ended.code, receiver.messages.map((each) => each.text)]).toEqual([code, [expect.stringMatching(words)]]);
  });

  it('never contains the address of a person', async () => {
    await using s = await scenario({ people: 2 });
    await using receiver = await openReceiver('any');
    const staff = file('staff.csv', `email\n${person(0).email}\n`);
    const flags = ['--domains', 'example.com', '--operator', person(1).email];
    const { stderr } = await s.leavers(['reconcile', staff, ...flags, '--notify', receiver.url]);
    expect(stderr).toContain(`lacks ${person(1).email}`);
    expect(receiver.messages).toEqual([
      expect.objectContaining({ text: expect.stringContaining('lacks an address (this is the account') as string }),
    ]);
    expect(JSON.stringify(receiver.messages)).not.toContain(person(1).email);
  });

  it('tells a run that stopped', async () => {
    await using s = await scenario({
      people: 2,
      faults: [{ match: { path: 'suspend' }, kind: 'status', status: 401 }],
    });
    await using receiver = await openReceiver('any');
    const { code } = await s.run(2, ['--notify', receiver.url]);
    expect([code, receiver.messages[0]?.text]).toEqual([
      77,
      expect.stringMatching(/The run was stopped: .* Exit code 77\./),
    ]);
  });

  it('tells a run that was interrupted', async () => {
    await using s = await scenario({ people: 9 });
    await using receiver = await openReceiver('any');
    const args = ['run', manifest(9), '--report', path('r.ndjson'), '--yes', '--rate', '2/s', '--notify', receiver.url];
    const { child, ended } = start(args, { env: { ...s.env, LEAVERS_RATE: '' } });
    while (s.changes().length === 0) await pause(20);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(receiver.messages.map((each) => each.text)).toEqual([
      expect.stringMatching(/The run was interrupted: .* Exit code 143\./),
    ]);
  });

  it.each([
    ['a wrong flag', ['--rate', 'x'], 64],
    ['a missing key', ['--org-id', org], 78],
  ])('tells %s', async (_, flags, code) => {
    await using s = await scenario({ people: 1 });
    await using receiver = await openReceiver('any');
    const ended = await s.run(1, ['--notify', receiver.url, ...flags], { env: { ATLASSIAN_API_KEY: '' } });
    expect([ended.code, receiver.messages.length]).toEqual([code, 1]);
  });

  it('says that a rehearsal and a dry run changed nobody', async () => {
    await using s = await scenario({ people: 1 });
    await using receiver = await openReceiver('any');
    const sample = ['samples/leavers.ndjson', '--sandbox', '--dry-run', '--allow', 'remove-user'];
    await s.leavers(['run', ...sample, '--notify', receiver.url]);
    expect(receiver.messages[0]?.text).toContain('REHEARSAL, no real account was changed: Dry run.');
  });

  it.each([
    ['answers 400', 400],
    ['is not there', undefined],
  ])('changes nothing when the receiver %s, and does not print its address', async (_, status) => {
    await using s = await scenario({ people: 2 });
    await using receiver = await openReceiver('slack', status);
    const url = status === undefined ? 'http://127.0.0.1:9/services/T1/B1/hunter2' : receiver.url;
    const { code, stdout, stderr, lines } = await s.run(2, [], { env: { LEAVERS_NOTIFY: url } });
    expect([code, s.changes().length]).toEqual([0, 2]);
    expect(stderr).toContain('warning: the receiver of --notify');
    expect(`${stdout}${stderr}${JSON.stringify(lines)}`).not.toContain('hunter2');
  });

  it('does not print a malformed address, nor repeats a good one in the next command', async () => {
    await using s = await scenario({
      people: 1,
      faults: [{ match: { path: 'suspend' }, kind: 'status', status: 403 }],
    });
    const bad = await s.run(1, ['--notify', 'hooks.slack.com/services/hunter2']);
    expect([bad.code, bad.stderr]).toEqual([64, expect.not.stringContaining('hunter2')]);
    const { stdout } = await s.run(1, ['--notify', 'http://127.0.0.1:9/hunter2']);
    expect(stdout).toMatch(/Next {6}leavers run (?!.*hunter2)/);
  });

  it('sends one message for a list of organizations', async () => {
    await using s = await scenario({ people: 1 });
    await using receiver = await openReceiver('teams');
    const key = file('key', 'sandbox');
    const entry = (name: string, orgId: string) => ({
      name,
      orgId,
      apiKeyFile: key,
      manifests: [manifest(1)],
      report: path('r.ndjson'),
    });
    const list = file('o.json', JSON.stringify({ organizations: [entry('one', org), entry('two', 'x')] }));
    const { code } = await s.leavers(['run', '--organizations', list, '--yes', '--notify', receiver.url]);
    expect(code).not.toBe(0);
    expect(receiver.messages).toHaveLength(1);
    expect(receiver.messages[0]?.text).toMatch(
      /^leavers: 1 of 2 organizations ended with exit code 0; exit code \d+\.\nrun .*\nrun /,
    );
  });
});

describe('a message about many organizations', () => {
  it('names those that failed first, and fits what every receiver takes', () => {
    const runs = Array.from({ length: 500 }, (_, n) => ({
      org: `o${n}`,
      job: 'j',
      exitCode: n < 499 ? 0 : 75,
      dryRun: false,
    }));
    const body = (url: string) => notificationBody(url, { command: 'run', exitCode: 75, runs });
    const { text: said } = JSON.parse(body('https://chat.googleapis.com/x')) as Message;
    expect(said).toMatch(
      /^leavers: 499 of 500 organizations ended with exit code 0; exit code 75\.\nrun j \(organization o499\): Exit code 75\.\n/,
    );
    expect([said.length < 4096, said.split('\n').at(-1)]).toEqual([
      true,
      expect.stringMatching(/^and \d+ more; see the log$/),
    ]);
    expect(body('https://x/workflows/1/triggers/manual/paths/invoke').length).toBeLessThan(28_000);
  });
});

const inviting = '<!channel> @all <users/all> & [x](https://evil.example).csv';
/** What each receiver makes of a text: a mention of many people, or a link that hides its address. */
const pings: Readonly<Record<Form, RegExp>> = {
  slack: /<|>|&(?!amp;|lt;|gt;)/,
  'google-chat': /<users\/|<https?:|\]\(/,
  teams: /<at>|\]\(/,
  any: /@\w|<!|\]\(/,
};

describe.each(Object.keys(forms) as Form[])('a message to %s', (form) => {
  const bodyOf = (job: string, count: number) => {
    const runs = Array.from({ length: count }, () => ({ org, orgName: job, job, exitCode: 1, dryRun: false }));
    return notificationBody(`https://chat.example${paths[form]}`, { command: 'run', exitCode: 1, runs });
  };

  it('mentions nobody and hides no link, whatever a file or an organization is called', () => {
    const { text: said } = forms[form].parse(JSON.parse(bodyOf(inviting, 2)));
    expect([pings[form].test(said), said.includes('channel')]).toEqual([false, true]);
  });

  it('fits with the longest names in any script', () => {
    const body = bodyOf('退職者👋'.repeat(50), 40);
    expect([forms[form].safeParse(JSON.parse(body)).success, body.isWellFormed()]).toEqual([true, true]);
    if (form !== 'any') expect(Buffer.byteLength(body)).toBeLessThan(28_000);
  });

  it('tells what reconcile found', async () => {
    await using s = await scenario({ people: 3 });
    await using receiver = await openReceiver(form);
    const staff = file('staff.csv', `email\n${person(0).email}\nnew@example.com\n`);
    const args = ['reconcile', staff, '--domains', 'example.com', '--max-changes', '9', '--notify', receiver.url];
    expect((await s.leavers(args)).code).toBe(2);
    expect(receiver.messages.map((each) => each.text)).toEqual([
      expect.stringMatching(
        /^reconcile \d+-staff\.csv \(organization \S+\): 2 left but still have access, 1 on the list without an account\. Exit code 2\.$/,
      ),
    ]);
  });
});
