// The bundle: one entry, a chunk for every command that is imported when it is used, nothing but Node's own modules outside.
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  // The same limiter without its Redis clients, which nobody here uses and which reach for eval.
  resolve: { alias: { bottleneck: 'bottleneck/light.js' } },
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
    minify: true,
  },
});
