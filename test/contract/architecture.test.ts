// Who may import whom, from a table whose rows carry the advice to print when one fires.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '..', '..', 'src');

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Modules inside src as paths from there; packages and Node's modules by name. */
const imports: readonly Import[] = globSync('**/*.ts', { cwd: src }).flatMap((file) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => ({
    from: file,
    to: name.startsWith('.') ? relative(src, join(src, dirname(file), name)) : name,
  })),
);

/** Floors of the house, top to bottom: a room imports from floors below it only. */
const floors: readonly (readonly string[])[] = [
  ['cli'],
  ['commands'],
  ['run'],
  ['plan', 'directory', 'settings'],
  ['client', 'manifest', 'report', 'undo', 'guards', 'activity', 'sandbox'],
  ['actions', 'record', 'errors', 'context', 'options', 'keys', 'lines'],
];
const roomOf = (path: string) => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
const floorOf = (path: string) => floors.findIndex((rooms) => rooms.includes(roomOf(path)));

/** Packages that have one home, and what to do instead of importing them elsewhere. */
const homes: Readonly<Record<string, { readonly rooms: readonly string[]; readonly advice: string }>> = {
  'csv-parse': { rooms: ['manifest'], advice: 'read through manifest/' },
  'csv-stringify': { rooms: ['manifest', 'report'], advice: 'write tables in report/ or manifest/' },
  'p-queue': { rooms: ['run'], advice: 'how many are open is decided in run/' },
  bottleneck: { rooms: ['client'], advice: 'take a permit through client/pace.ts' },
  ky: { rooms: ['client'], advice: 'send through client/client.ts' },
  undici: { rooms: ['client'], advice: 'send through client/client.ts' },
  pino: { rooms: ['report'], advice: 'append through report/journal.ts' },
  '@observablehq/plot': { rooms: ['report'], advice: 'charts are drawn in report/page/draw.ts' },
  fflate: { rooms: ['manifest'], advice: 'archives are opened in manifest/workbook.ts' },
  'get-east-asian-width': { rooms: ['report'], advice: 'texts are measured in report/cells.ts' },
  linkedom: { rooms: ['report'], advice: 'charts are drawn in report/page/draw.ts' },
  yargs: { rooms: ['cli', 'commands'], advice: 'flags are bound in cli.ts and commands/' },
  hono: { rooms: ['sandbox'], advice: 'routes live in sandbox/' },
  zod: { rooms: ['manifest', 'sandbox', 'settings', 'options'], advice: 'parse where input comes in' },
  luxon: { rooms: ['manifest'], advice: 'dates of exports are parsed in manifest/' },
  'cli-progress': { rooms: ['commands'], advice: 'the core never prints' },
};
const packageOf = (name: string) =>
  name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? '');

describe('imports', () => {
  it('reads imports at all, so that the tables below are about something', () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it('every room stands on a floor', () => {
    expect(imports.map(({ from }) => from).filter((path) => floorOf(path) < 0)).toEqual([]);
  });

  it('imports point down: from a room to its own files or to a lower floor', () => {
    const up = imports.filter(
      ({ from, to }) =>
        to.endsWith('.ts') && roomOf(from) !== roomOf(to) && floorOf(to) <= floorOf(from) && floorOf(to) !== 5,
    );
    expect(up.map(({ from, to }) => `${from} imports ${to}: move what it needs down, or the caller up`)).toEqual([]);
  });

  it.each(Object.entries(homes))('%s has one home', (name, { rooms, advice }) => {
    const strays = imports.filter(({ from, to }) => packageOf(to) === name && !rooms.includes(roomOf(from)));
    expect(strays.map(({ from }) => `${from} imports ${name}: ${advice}`)).toEqual([]);
  });

  it('no file names a global that has its home in Context', () => {
    const globals =
      /(?<![\w.'"`-])(process\.|Date\.now\(|performance\.now\(|setTimeout\(|setInterval\(|Math\.random\(|console\.)/;
    const files = globSync('**/*.ts', { cwd: src }).filter((file) => file !== 'cli.ts' && file !== 'world.ts');
    const hits = files.flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          globals.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [],
        ),
    );
    expect(hits).toEqual([]);
  });

  it('has no room called utils, lib, helpers, common or types', () => {
    expect(globSync('**/{utils,util,lib,helpers,common,types,index}{,.ts}', { cwd: src })).toEqual([]);
  });
});
