// The bundle: one entry, a chunk for every command that is imported when it is used, nothing but Node's own modules outside.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/** Whoever gets the bundle gets the licences of what is in it: `licenses.txt`, an entry a package. */
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const ids = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
    const entries = [...new Set(folders)].toSorted().map(licenceOf);
    this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: `${entries.join('\n---\n\n')}\n` });
  },
};

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
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
