// The container without Docker: packed, installed from the tarball by somebody else on a tree that nobody may write to, started without a shell.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, serveCompany } from '../../support/organization.ts';
import { folder, ndjson, root } from '../../support/spawn.ts';

const home = folder();
const [app, data] = [join(home.path, 'app'), join(home.path, 'data')];
/** The user who runs the image: one without a name when the tests run as root, else the same user. */
const other = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {};
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const entryPoint = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
/** What the image passes to Node. */
const options = entryPoint.filter((word) => word.startsWith('--'));

beforeAll(() => {
  // What is published, without building it again under the feet of other tests.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', home.path], { cwd: root, stdio: 'pipe' });
  const tarball = readdirSync(home.path).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(app);
  mkdirSync(data);
  writeFileSync(join(app, 'package.json'), '{"private":true}');
  // Nothing but the tarball is needed, so it can be installed without a network.
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', join(home.path, tarball)], {
    cwd: app,
    stdio: 'pipe',
  });
  // The real Node, as the image has it; what npm links is of this checkout.
  cpSync(process.execPath, join(app, 'node'));
  execFileSync('chmod', ['-R', 'a-w,a+rX', app]);
  chmodSync(home.path, 0o755);
  if (other.uid !== undefined) chownSync(data, other.uid, other.gid);
}, 120_000);
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', app]);
  home[Symbol.dispose]();
});

const installed = () => join(app, 'node_modules', 'leavers');

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(join(app, 'node'), [...options, join(installed(), 'bin', 'leavers.cjs'), ...args], {
    ...other,
    cwd: data,
    env: { HOME: '/nonexistent', TMPDIR: data, ...env },
    stdio: 'pipe',
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, text })),
  );
  return { child, ended };
}

describe('the package', () => {
  it('needs no other package, and brings the licences of what it bundles', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(installed(), 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    expect([dependencies, readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))]).toEqual([
      {},
      ['leavers'],
    ]);
    const licences = readFileSync(join(installed(), 'dist', 'licenses.txt'), 'utf8');
    for (const name of ['ky', 'p-queue', 'bottleneck', 'pino', 'yargs', 'csv-parse', 're2js'])
      expect(licences).toContain(`Name: ${name}\n`);
  });

  it('holds jobs, samples and a program, and neither sources nor tests', () => {
    const parts = readdirSync(installed());
    expect(parts).toEqual(expect.arrayContaining(['bin', 'dist', 'jobs', 'samples', 'LICENSE', 'README.md']));
    expect(parts.filter((name) => ['src', 'test', 'node_modules'].includes(name))).toEqual([]);
  });
});

describe('as another user on a read-only tree', () => {
  it('shows its help and version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await start(['--version']).ended).toEqual({ code: 0, text: `${version}\n` });
  });

  it('runs a shipped sample with the settings of the image, and keeps the report to its user', async () => {
    const args = [
      'run',
      join(installed(), 'samples', 'workday.csv'),
      '--job',
      join(installed(), 'jobs', 'hr-offboarding.json'),
    ];
    const offline = ['--sandbox', '--rate', 'none'];
    const accepted = ['--accept', 'not-found', '--accept', 'admin'];
    const { code, text } = await start([...args, ...offline, ...accepted]).ended;
    expect([code, text]).toEqual([0, expect.stringContaining('6 of 12 rows succeeded or needed no change')]);
    const report = join(data, 'reports', 'hr-offboarding.ndjson');
    expect((statSync(report).mode & 0o777).toString(8)).toBe('600');
    expect(existsSync(report.replace('.ndjson', '.html'))).toBe(true);
  });

  it.runIf(other.uid !== undefined)(
    'says 73 where the report can not be made, with owner, user and remedy',
    async () => {
      const { code, text } = await start([
        'run',
        join(installed(), 'samples', 'leavers.ndjson'),
        '--sandbox',
        '--report',
        join(app, 'reports', 'r.ndjson'),
        '--allow',
        'remove-user',
      ]).ended;
      expect(code).toBe(73);
      expect(text).toContain(`${app} belongs to user 0 and group 0 (mode 555), and this process runs as user 65532`);
      expect(text).toContain(`run \`chown 65532:65532 ${app}\``);
    },
  );

  it('ends on SIGTERM, as a child without a shell, with 143 and a report to go on from', async () => {
    await using served = await serveCompany({ people: 60 });
    const manifest = join(data, 'm.ndjson');
    writeFileSync(
      manifest,
      Array.from(
        { length: 60 },
        (_, n) => `${JSON.stringify({ action: 'suspend-user', email: person(n).email })}\n`,
      ).join(''),
    );
    const args = ['run', 'm.ndjson', '--yes', '--resume', '--report', 'r.ndjson'];
    const { child, ended } = start([...args, '--rate', '40/s'], served.env);
    while (served.changes().length < 5) await new Promise((wake) => setTimeout(wake, 10));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(ndjson(join(data, 'r.ndjson')).at(-1)).toMatchObject({ event: 'run-end', outcome: 'interrupted' });
    expect((await start(args, served.env).ended).code).toBe(0);
    expect(served.changes()).toHaveLength(60);
  });
});

interface Renovate {
  readonly customManagers: readonly [
    { readonly managerFilePatterns: readonly string[]; readonly matchStrings: readonly string[] },
  ];
}

describe('the Dockerfile', () => {
  const [, , last = ''] = dockerfile.split(/^FROM /m);

  it('builds in one stage and ships another, on Node 24, without a shell', () => {
    const stages = [...dockerfile.matchAll(/^FROM (?:--platform=(\S+) )?(\S+)/gm)].map((found) => found.slice(1));
    expect(stages).toEqual([
      ['$BUILDPLATFORM', '${BUILD_IMAGE}'],
      [undefined, '${RUN_IMAGE}'],
    ]);
    expect(last).not.toMatch(/^RUN /m);
  });

  it('is built for release on the same base images, pinned by digest, where Renovate finds them', () => {
    const bake = readFileSync(join(root, 'docker-bake.hcl'), 'utf8');
    const pinned = new Map(
      [...bake.matchAll(/^ +(\w+_IMAGE) += "(\S+)@sha256:[0-9a-f]{64}"$/gm)].map((m) => [m[1], m[2]]),
    );
    const images = new Map([...dockerfile.matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)].map((m) => [m[1], m[2]]));
    expect(pinned).toEqual(images);
    expect([...images.keys()]).toEqual(['BUILD_IMAGE', 'RUN_IMAGE']);
    expect(images.get('BUILD_IMAGE')).toMatch(/^node:24-/);
    expect(images.get('RUN_IMAGE')).toMatch(/^gcr\.io\/distroless\/nodejs24-/);
    const renovate = JSON.parse(readFileSync(join(root, 'renovate.json'), 'utf8')) as Renovate;
    const [{ managerFilePatterns, matchStrings }] = renovate.customManagers;
    expect(managerFilePatterns).toEqual(['/^docker-bake\\.hcl$/']);
    const found = matchStrings.flatMap((pattern) =>
      [...bake.matchAll(new RegExp(pattern, 'g'))].map(({ groups }) => groups),
    );
    expect(found.map((groups) => `${groups?.['depName']}:${groups?.['currentValue']}`)).toEqual([...images.values()]);
    expect(found.every((groups) => /^sha256:[0-9a-f]{64}$/.test(groups?.['currentDigest'] ?? ''))).toBe(true);
  });

  it('starts the program itself, as a user without rights', () => {
    // A name can't be checked by runAsNonRoot of Kubernetes.
    expect(last).toMatch(/^USER 65532:65532$/m);
    expect(entryPoint.filter((word) => !word.startsWith('--'))).toEqual(['/nodejs/bin/node', '/app/bin/leavers.cjs']);
  });

  it('owns the folder of the reports', () => {
    expect(last).toMatch(/^COPY --chown=65532:65532 --from=build \/data \/data$/m);
    expect(last).toMatch(/^WORKDIR \/data$/m);
  });

  it('leaves NODE_OPTIONS to the operator and has the version of the package', () => {
    expect(last).not.toMatch(/^ENV .*NODE_OPTIONS/m);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(last).toContain(`ARG VERSION=${version}\n`);
  });

  it('copies only what the checkout has', () => {
    const sources = [...last.matchAll(/--from=build (\/build\/.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    const missing = sources.map((name) => name.replace('/build/', '')).filter((name) => !existsSync(join(root, name)));
    expect(missing).toEqual([]);
  });

  it('holds V8 within a container of 256 MB', () => {
    const heap = Number(/max-old-space-size=(\d+)/.exec(options.join(' '))?.[1]);
    expect(heap).toBeGreaterThanOrEqual(128);
    expect(heap).toBeLessThanOrEqual(200);
  });
});
