// The bundle: one entry, a chunk for every command that is imported when it is used, nothing but Node's own modules outside.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/** Lists the packages in the bundle: their licences in `licenses.txt`, and a CycloneDX bill of materials in `sbom.cdx.json`. */
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const ids = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
    const packages = [...new Set(folders)].toSorted();
    this.emitFile({
      type: 'asset',
      fileName: 'licenses.txt',
      source: `${packages.map(licenceOf).join('\n---\n\n')}\n`,
    });
    this.emitFile({ type: 'asset', fileName: 'sbom.cdx.json', source: `${JSON.stringify(bom(packages), null, 2)}\n` });
  },
};

function packageOf(folder: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
}

/** A component as CycloneDX 1.6 has it. */
function component(type: 'application' | 'library', folder: string): object {
  const { name = '', version, license } = packageOf(folder);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, licenses: [{ expression: license }], purl };
}

/** Without time and serial number, so that the same sources make the same file. */
function bom(packages: readonly string[]): object {
  const components = packages.map((folder) => component('library', folder));
  const metadata = { component: component('application', import.meta.dirname) };
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata, components };
}

function licenceOf(folder: string): string {
  const { name, version, license } = packageOf(folder);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`Name: ${name}`, `Version: ${version}`, `License: ${license}`, '', ...texts, ''].join('\n');
}

export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  resolve: {
    alias: {
      // The same limiter without its Redis clients, which nobody here uses and which reach for eval.
      bottleneck: 'bottleneck/light.js',
      // Its main file loads its parts at run time, where a bundle has none.
      'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    },
  },
  plugins: [licences],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
    minify: true,
  },
});
