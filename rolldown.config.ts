// The bundle: one entry, a chunk for every command that is imported when it is used, nothing but Node's own modules outside.
import license from 'rollup-plugin-license';
import { defineConfig } from 'rolldown';

// Its types speak of a namespace where the module is a function.
const licences = license as unknown as typeof license.default;

export default defineConfig({
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  // The same limiter without its Redis clients, which nobody here uses and which reach for eval.
  resolve: { alias: { bottleneck: 'bottleneck/light.js' } },
  // Whoever gets the bundle gets the licences of what is in it.
  plugins: [licences({ thirdParty: { output: 'dist/licenses.txt' } })],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
    minify: true,
  },
});
