// A key that everybody on the way tries to give away: every fault and every echo, and then every byte of every output is searched for it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { faults } from '../support/hostile-api.ts';
import { answer, closeWires, openWire, type Respond } from '../support/raw-server.ts';
import { org } from '../support/organization.ts';
import { leavers } from '../support/spawn.ts';
import { Scene } from './scene.ts';
import { type Figure, none } from './score.ts';

const key = 'ATCTT3xFfGN0-canary+key/with=every~sort_of.character&0123456789';
const encoded = encodeURIComponent(key);
/** What the key becomes on its way, without the ends that depend on neighbours. */
const forms = [
  key,
  encoded,
  encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  ...[0, 1, 2].flatMap((shift) =>
    (['base64', 'base64url'] as const).map((form) =>
      Buffer.from('x'.repeat(shift) + key)
        .toString(form)
        .slice(4, -4),
    ),
  ),
];

const echo =
  (status: number): Respond =>
  (socket, _nth, { head }) => {
    const words = `${key} ${encoded} ${Buffer.from(`:${key}`).toString('base64')} ${head}`;
    const body = JSON.stringify({ errors: [{ code: key, title: words, detail: words }], message: words });
    const location = `https://${key.replace(/[^\w-]/g, '')}.example/?key=${encoded}`;
    socket.write(answer(status, body, { 'atl-traceid': key, location, 'retry-after': key }));
  };

const answers: readonly (readonly [string, Respond])[] = [
  ...faults.map(([name, , respond]): [string, Respond] => [
    name,
    (socket, _nth, seen) => respond(socket, seen, () => {}),
  ]),
  ...[200, 206, 302, 307, 400, 401, 403, 404, 409, 410, 429, 500, 503].map((status): [string, Respond] => [
    `an echo under ${status}`,
    echo(status),
  ]),
  [
    'a page with the request in it',
    (socket, _nth, { head }) => void socket.write(answer(200, `<title>${head}</title>`)),
  ],
  ['the request sent back', (socket, _nth, { head }) => void socket.end(head)],
];

const outputs = [['--log-format', 'json'], ['--json'], ['--report', '-']];

/** Meets everything, on both generations. Says which answers got the key out, and how many bytes were searched. */
export async function searchKey(generations: readonly string[] = ['v1', 'v2']) {
  const leaks: string[] = [];
  let [met, bytes] = [0, 0];
  for (const [at, [name, respond]] of answers.entries())
    for (const api of generations) {
      const said = await everything(respond, api, outputs[at % outputs.length] ?? []);
      met += 1;
      bytes += said.length;
      if (forms.some((form) => said.includes(form))) leaks.push(`${name} on ${api}`);
    }
  return { met, bytes, leaks };
}

/** All that the program says and leaves when every call is answered so. */
async function everything(respond: Respond, api: string, more: readonly string[]): Promise<string> {
  using scene = new Scene();
  const { port } = await openWire(respond);
  const env = {
    ATLASSIAN_ORG_ID: org,
    ATLASSIAN_API_KEY: key,
    ATLASSIAN_API_URL: `http://127.0.0.1:${port}/admin`,
    LEAVERS_RATE: 'none',
  };
  const [report, html] = [scene.path('r.ndjson'), scene.path('p.html')];
  const rows = [
    { action: 'suspend-user', accountId: '557058:aaaaaaaa-0000' },
    { action: 'get-last-active', accountId: '557058:aaaaaaaa-0001' },
    { action: 'suspend-user', email: 'a@example.com' },
  ];
  const settings = [
    '--metrics-file',
    scene.path('m'),
    '--api',
    api,
    '--verbose',
    '--retries',
    '0',
    '--timeout',
    '300ms',
    '--max-duration',
    '3s',
  ];
  const own = more.includes('--report') ? [] : ['--report', report];
  const directory = api === 'v2' ? ['--directory', '30000000-0000-4000-8000-000000000000'] : [];
  const args = ['run', scene.manifest(rows), '--yes', ...own, ...settings, ...directory, ...more];
  const run = await leavers(args, { env });
  const doctor = await leavers(['doctor', '--retries', '0', '--timeout', '300ms', '--max-duration', '3s'], { env });
  if (existsSync(report)) await leavers(['report', report, '--html', html], { env });
  closeWires();
  const files = readdirSync(scene.folder).map((file) => readFileSync(`${scene.folder}/${file}`, 'latin1'));
  return [run.stdout, run.stderr, doctor.stdout, doctor.stderr, ...files].join('\n');
}

export async function keyFigure(): Promise<Figure> {
  const { met, bytes, leaks } = await searchKey();
  return none('C4', 'answers that got the key into an output', leaks.length, `${met} (${bytes} bytes searched)`);
}
