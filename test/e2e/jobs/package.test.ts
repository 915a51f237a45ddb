// What is published: the files of the package, its bill of materials, and one sentence where it can't be packed.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, root } from '../../support/spawn.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; scripts: object };
const bom = JSON.parse(readFileSync(join(root, 'dist', 'sbom.cdx.json'), 'utf8')) as {
  metadata: { component: { purl: string } };
  components: { name: string; purl: string; licenses: { expression: string }[] }[];
};

describe('the package', () => {
  it('holds the program, jobs, samples and the manual, and nothing else', () => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' })) as [
      { files: { path: string }[]; unpackedSize: number },
    ];
    const paths = packed.files.map(({ path }) => path);
    expect(new Set(paths.map((path) => path.split('/')[0]))).toEqual(
      new Set(['LICENSE', 'README.md', 'bin', 'dist', 'jobs', 'man', 'package.json', 'samples']),
    );
    expect(paths.filter((path) => /\.(map|ts|key|pem|env)$|(^|\/)\./.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['dist/sbom.cdx.json', 'dist/licenses.txt', 'man/leavers.1']));
    expect(packed.unpackedSize).toBeLessThan(8_000_000);
  });

  it('has a bill of materials of the packages whose licences it brings', () => {
    const licences = readFileSync(join(root, 'dist', 'licenses.txt'), 'utf8');
    const named = [...licences.matchAll(/^Name: (.+)$/gm)].map(([, name]) => name);
    expect(bom.components.map(({ name }) => name)).toEqual(named);
    expect(bom.metadata.component.purl).toBe(`pkg:npm/leavers@${manifest.version}`);
    expect(
      bom.components.every(({ licenses }) => /^[\w.()-]+( (OR|AND) [\w.()-]+)*$/.test(licenses[0]?.expression ?? '')),
    ).toBe(true);
  });

  it('locks every package by its integrity', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string; resolved?: string; inBundle?: boolean }>;
    };
    const loose = Object.entries(packages).filter(
      ([name, { integrity, inBundle }]) => name !== '' && inBundle !== true && integrity === undefined,
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  it('is not packed without its development packages, and says what to do', () => {
    using home = folder();
    mkdirSync(join(home.path, 'scripts'));
    for (const name of ['package.json', 'scripts/prepare.cjs']) cpSync(join(root, name), join(home.path, name));
    const { status, stderr } = spawnSync('npm', ['pack'], { cwd: home.path, encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('the development packages are not installed, so nothing can be built; run `npm ci` first');
  });
});
