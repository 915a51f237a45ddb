// What operators rely on: signals, exit codes, modes of files, and what the package needs.
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fault } from '../../src/sandbox/faults.ts';
import { leavers } from '../support/in-process.ts';
import { person, serveCompany } from '../support/organization.ts';
import { ndjson, root } from '../support/spawn.ts';
import { begin, pause, resume, Scene, timed, until } from './scene.ts';
import { type Figure, none } from './score.ts';

/** Ends runs with SIGTERM at random moments: how long each took, and calls that began later, or were not written down. */
export async function terminate(times: number) {
  const score = { slowestMs: 0, twiceMs: 0, wrong: 0 };
  for (let time = 0; time < times; time += 1) {
    using scene = new Scene();
    const faults: Fault[] = [{ match: { path: 'suspend' }, kind: 'slow', delayMs: 400 }];
    await using company = await serveCompany({ people: 60 }, { faults });
    const report = scene.path('r.ndjson');
    const { child, ended } = begin({ manifest: scene.manifest(60), report, env: company.env });
    await until(() => company.changes().length >= 1);
    await pause(Math.random() * 300);
    child.kill('SIGTERM');
    const isTwice = time % 4 === 3;
    if (isTwice) setTimeout(() => child.kill('SIGTERM'), 20);
    const { value, ms } = await timed(() => ended);
    await pause(500);
    if (isTwice) score.twiceMs = Math.max(score.twiceMs, ms);
    else score.slowestMs = Math.max(score.slowestMs, ms);
    const done = ndjson(report).filter(({ outcome }) => outcome === 'done').length;
    const isWritten = done === company.changes().length && ndjson(report).at(-1)?.['outcome'] === 'interrupted';
    if (value.code !== 143 || (!isTwice && !isWritten)) score.wrong += 1;
  }
  return score;
}

/** Runs each cause of each exit code: which ended with another. */
export async function endInEveryWay(): Promise<{ causes: number; wrong: string[] }> {
  using scene = new Scene();
  const status = (code: number, path = ''): Fault => ({ match: { path }, kind: 'status', status: code });
  const invite = scene.manifest([{ action: 'invite-user', email: 'new@example.com', sendNotification: false }]);
  const [one, gone] = [scene.manifest(1), scene.path('nothing.csv')];
  const [bad, notes] = [scene.path('bad.csv'), scene.path('notes')];
  writeFileSync(bad, 'action,email\nsuspend-user,jo@\n');
  writeFileSync(notes, 'milk\n');
  const run = (manifest: string, ...more: string[]) => ['run', manifest, '--yes', ...more];
  const causes: readonly (readonly [number, readonly string[], Fault[]?])[] = [
    [0, run(one)],
    [0, run(one, '--dry-run')],
    [0, ['actions']],
    [1, run(one), [status(400, 'suspend')]],
    [1, run(bad, '--skip-invalid')],
    [2, ['plan', one, '--detailed-exitcode']],
    [3, run(invite, '--allow', 'invite-user'), [{ match: { path: 'invite' }, kind: 'reset' }]],
    [64, ['rnu']],
    [64, run(one, '--rate', '0')],
    [65, run(bad)],
    [65, ['verify', notes]],
    [66, run(gone)],
    [66, ['report', gone]],
    [73, run(one, '--report', notes)],
    [73, run(one, '--report', notes, '--resume')],
    [75, run(scene.manifest(40), '--max-failures', '2'), [status(400, 'suspend')]],
    [75, run(scene.manifest(40), '--rate', '5/s', '--max-duration', '1s')],
    [77, run(one), [status(401)]],
    [77, run(one), [status(403)]],
    [78, run(invite)],
    [78, run(scene.manifest(3), '--max-changes', '1')],
  ];
  const wrong: string[] = [];
  for (const [code, args, faults = []] of causes) {
    await using company = await serveCompany({ people: 40 }, { faults });
    const report = args[0] === 'run' && !args.includes('--report') ? ['--report', scene.path('r.ndjson')] : [];
    const end = await leavers([...args, ...report], { env: company.env });
    if (end.code !== code) wrong.push(`${args.join(' ')}: ${end.code} for ${code}: ${end.stderr.slice(-200)}`);
  }
  return { causes: causes.length, wrong };
}

/** Modes of what a run leaves, and what a link is answered. */
async function leaveFiles(): Promise<{ modes: string[]; link: number | null; target: string }> {
  using scene = new Scene();
  await using company = await serveCompany({ people: 1 });
  const report = join(scene.path('folder'), 'r.ndjson');
  await resume({ manifest: scene.manifest(1), report, env: company.env });
  const modes = [dirname(report), report].map((at) => (statSync(at).mode & 0o777).toString(8));
  const [link, target] = [scene.path('link'), scene.path('target')];
  writeFileSync(target, person(0).email);
  symlinkSync(target, link);
  const { code } = await resume({ manifest: scene.manifest(1), report: link, env: company.env });
  return { modes, link: code, target: readFileSync(target, 'utf8') };
}

interface Package {
  readonly dependencies?: object;
  readonly scripts?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, { integrity?: string; link?: boolean; dev?: boolean }>>;
}

/** Packages that the program needs, scripts that run at its installation, and locked packages without a hash: all of them, and those that are not for development alone. */
function needs(): { runtime: number; scripts: number; unhashed: number; others: number } {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const [{ dependencies = {}, scripts = {} }, { packages }] = [
    read('package.json') as Package,
    read('package-lock.json') as Lock,
  ];
  const installs = ['preinstall', 'install', 'postinstall'].filter((name) => name in scripts);
  const bare = Object.entries(packages).filter(([path, { integrity, link }]) => path !== '' && !link && !integrity);
  const unhashed = bare.filter(([, { dev }]) => dev !== true).length;
  return {
    runtime: Object.keys(dependencies).length,
    scripts: installs.length,
    unhashed,
    others: bare.length - unhashed,
  };
}

export async function operationFigures(signals: number): Promise<Figure[]> {
  const { slowestMs, twiceMs, wrong } = await terminate(signals);
  const ends = await endInEveryWay();
  const { modes, link, target } = await leaveFiles();
  const { runtime, scripts, unhashed, others } = needs();
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  return [
    {
      id: 'D1',
      name: 'SIGTERM with calls of 0.4 s under way: ended after',
      figure: `≤ ${seconds(slowestMs)} s, a second one ≤ ${seconds(twiceMs)} s, ${wrong} of ${signals} wrong`,
      target: '< 5 s, at once, 0',
      holds: slowestMs < 5000 && twiceMs < 500 && wrong === 0,
    },
    none(
      'D2',
      'causes that ended with another exit code',
      ends.wrong.length,
      `${ends.causes} ${ends.wrong.join('; ')}`.trim(),
    ),
    {
      id: 'D4',
      name: 'modes of folder and report; a link',
      figure: `${modes.join(', ')}; exit ${link}`,
      target: '700, 600, 600; 73',
      holds: modes.join() === '700,600' && link === 73 && target === person(0).email,
    },
    {
      id: 'D5',
      name: 'packages needed, scripts at install, not hashed',
      figure: `${runtime}, ${scripts}, ${unhashed} (and ${others} for development, optional on other platforms)`,
      target: '≤ 12, 0, 0',
      holds: runtime <= 12 && scripts === 0 && unhashed === 0,
    },
  ];
}
