// The rules of the source tree: who may import whom, where packages and globals live, how large folders are. Each rule prints its advice.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '..', '..', 'src');
const files = globSync('**/*.ts', { cwd: src }).toSorted();
const textOf = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));

interface Import {
  readonly from: string;
  /** A path below src, or the name of a package. */
  readonly to: string;
}

/** Static, dynamic and type imports, and re-exports. */
const imports: readonly Import[] = files.flatMap((from) =>
  [...(textOf.get(from) ?? '').matchAll(/(?:\bfrom|\bimport\(|^import)\s*['"]([^'"]+)['"]/gm)].map(([, name = '']) => ({
    from,
    to: name.startsWith('.') ? relative(src, join(src, dirname(from), name)) : name,
  })),
);
const ownImports = imports.filter(({ to }) => to.endsWith('.ts'));

/** From the process down to plain values: a file imports from its own folder and from lower layers. Folders of one layer are siblings. */
const layers: readonly (readonly string[])[] = [
  ['main'],
  ['cli'],
  ['commands'],
  ['run'],
  ['plan', 'session'],
  ['directory'],
  ['client'],
  ['config'],
  ['manifest', 'report', 'sandbox', 'specification'],
  ['actions'],
  ['page'],
  ['text', 'storage', 'terminal', 'model', 'errors', 'context'],
];
const lowest = layers.length - 1;
const topOf = (path: string) => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
const layerOf = (path: string) => layers.findIndex((folders) => folders.includes(topOf(path)));

/** Packages with one home, and what to do instead of importing them elsewhere. */
const homes: Readonly<Record<string, { readonly in: readonly string[]; readonly advice: string }>> = {
  ajv: { in: ['specification'], advice: 'validate through specification/validate.ts' },
  re2js: { in: ['manifest/job'], advice: 'match expressions of job files in manifest/job/patterns.ts' },
  'csv-parse': { in: ['manifest'], advice: 'read tables through manifest/read' },
  'csv-stringify': { in: ['manifest', 'storage/tables'], advice: 'write tables through storage/tables' },
  jose: { in: ['plan/approval'], advice: 'sign and check approvals in plan/approval' },
  canonicalize: { in: ['manifest'], advice: 'hash plans in manifest/saved-plan.ts' },
  'p-queue': { in: ['run'], advice: 'run/ decides how many records are open' },
  bottleneck: { in: ['client/pace'], advice: 'wait for client/pace/rate-limiter.ts' },
  ky: { in: ['client'], advice: 'send through the Client interface' },
  undici: { in: ['client'], advice: 'open connections in client/transport.ts' },
  pino: { in: ['report/journal'], advice: 'append through report/journal/journal.ts' },
  '@observablehq/plot': { in: ['report/views/html'], advice: 'draw charts in report/views/html/svg.ts' },
  linkedom: { in: ['report/views/html'], advice: 'draw charts in report/views/html/svg.ts' },
  fflate: {
    in: ['manifest', 'storage/tables'],
    advice: 'open archives in manifest/read/xlsx.ts, write workbooks through storage/tables',
  },
  'read-excel-file': { in: ['manifest/read'], advice: 'read workbooks in manifest/read/xlsx.ts' },
  'string-width': { in: ['text'], advice: 'measure texts in text/width.ts' },
  'cli-truncate': { in: ['text'], advice: 'cut texts in text/width.ts' },
  'jsonc-parser': { in: ['manifest/read'], advice: 'read JSON in manifest/read' },
  yargs: { in: ['cli'], advice: 'parse the command line in cli/parse-args.ts' },
  hono: { in: ['sandbox'], advice: 'serve routes in sandbox/' },
  zod: { in: ['manifest', 'sandbox', 'config'], advice: 'parse where input comes in' },
  yaml: { in: ['manifest', 'sandbox', 'config'], advice: 'parse where input comes in' },
  luxon: { in: ['manifest'], advice: 'parse dates of exports in manifest/rows' },
  'cli-progress': { in: ['commands/run/output'], advice: 'only commands print' },
};
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const isBelow = (path: string, folders: readonly string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`) || path === `${folder}.ts`);

/** Globals that come through Context, so that tests need no module mocks. */
const globals =
  /(?<![\w.'"`-])(process\.|Date\.now\(|performance\.now\(|setTimeout\(|setInterval\(|Math\.random\(|console\.)/;

/** Base names that folders share because each has its own: a command's spec, the two generations of the simulated API. */
const shared = new Set(['command.ts']);

describe('layers', () => {
  it('every file belongs to one', () => {
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
  });

  it('imports point down, and siblings do not import each other', () => {
    const wrong = ownImports.filter(
      ({ from, to }) =>
        topOf(from) !== topOf(to) &&
        layerOf(to) <= layerOf(from) &&
        !(layerOf(from) === lowest && layerOf(to) === lowest),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}: move what it needs down, or the caller up`)).toEqual([]);
  });

  it('only the process, the program and its commands write to a terminal', () => {
    const wrong = ownImports.filter(
      ({ from, to }) => topOf(to) === 'terminal' && !['main', 'cli', 'commands', 'terminal'].includes(topOf(from)),
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}: return the text, a command prints it`)).toEqual([]);
  });

  it('a command does not import the folder of another command', () => {
    const folderOf = (path: string) => /^commands\/([^/]+)\//.exec(path)?.[1];
    const wrong = ownImports.filter(({ from, to }) => {
      const [own, other] = [folderOf(from), folderOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}: move what both need to commands/`)).toEqual([]);
  });

  it('no file imports itself through others, dynamic and type imports counted', () => {
    expect(cycles()).toEqual([]);
  });
});

describe('homes', () => {
  it.each(Object.entries(homes))('%s has one', (name, { in: folders, advice }) => {
    const users = imports.filter(({ to }) => packageOf(to) === name);
    expect(users).not.toEqual([]);
    const strays = users.filter(({ from }) => !isBelow(from, folders));
    expect(strays.map(({ from }) => `${from} imports ${name}: ${advice}`)).toEqual([]);
  });

  it('globals come through Context', () => {
    const hits = files
      .filter((file) => file !== 'main.ts')
      .flatMap((file) =>
        (textOf.get(file) ?? '')
          .split('\n')
          .flatMap((line, at) =>
            globals.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)
              ? [`${file}:${at + 1} ${line.trim()}: take it from Context`]
              : [],
          ),
      );
    expect(hits).toEqual([]);
  });
});

describe('names and sizes', () => {
  it('a folder holds at most 15 files', () => {
    const counts = Map.groupBy(files, (file) => dirname(file));
    const crowded = [...counts].filter(([, own]) => own.length > 15);
    expect(crowded.map(([folder, own]) => `${folder} holds ${own.length} files: split it by meaning`)).toEqual([]);
  });

  it('a file name stands for one thing', () => {
    const groups = Map.groupBy(files, (file) => basename(file));
    const twice = [...groups].filter(([name, own]) => own.length > 1 && !shared.has(name) && !own.every(isGeneration));
    expect(
      twice.map(([name, own]) => `${own.join(' and ')} are both called ${name}: name each by its content`),
    ).toEqual([]);
  });

  it('no file is named after everything at once', () => {
    expect(globSync('**/{utils,util,lib,helpers,common,types,index,misc}{,.ts}', { cwd: src })).toEqual([]);
  });
});

describe('tests', () => {
  it('none of them measures time: a busy machine would decide; make the wrong way longer than a test may take', () => {
    const tests = globSync('test/**/*.test.ts', { cwd: join(src, '..') });
    const timed = tests.filter((file) =>
      /performance\.now\(|hr[t]ime/.test(readFileSync(join(src, '..', file), 'utf8')),
    );
    expect(timed).toEqual([]);
  });
});

function isGeneration(file: string): boolean {
  return /^sandbox\/(v1|v2)\//.test(file);
}

/** Groups of files that reach themselves, as `a -> b -> a`. */
function cycles(): string[] {
  const targets = new Map(
    files.map((file) => [file, ownImports.filter(({ from }) => from === file).map(({ to }) => to)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const to of targets.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
