// makeInput: one hostile input from one seed: a manifest of a format, a job file to read it through, and flags.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { randomOf, type Random } from '../simulate/random.ts';
import { root } from '../support/spawn.ts';
import { withParts, workbook } from '../support/xlsx.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateWorkbook } from './mutate-workbook.ts';

export const kinds = ['csv', 'json', 'ndjson', 'xlsx', 'job'] as const;
export type Kind = (typeof kinds)[number];

interface InputFile {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface FuzzInput {
  readonly seed: number;
  readonly kind: Kind;
  readonly manifest: InputFile;
  readonly job: InputFile | undefined;
  readonly skipInvalid: boolean;
}

const samples = join(root, 'samples');
const jobs = join(root, 'jobs');
/** Shipped jobs beside a sample of their name, or beside Workday's. */
const jobNames = readdirSync(jobs).filter((name) => /^(?!job\.schema).*\.json$/.test(name));
const sampleNames = readdirSync(samples).filter((name) => name !== 'org.json');

function sample(name: string): Buffer {
  return readFileSync(join(samples, name));
}

function sampleFor(job: string): string {
  const base = job.replace(/\.json$/, '');
  return sampleNames.find((name) => name.startsWith(`${base}.`)) ?? 'workday.csv';
}

/** Kinds take turns: seed 1 is CSV, seed 5 a job file. */
export function makeInput(seed: number): FuzzInput {
  const random = randomOf(`fuzz ${seed}`);
  const kind = kinds[(seed - 1) % kinds.length] ?? 'csv';
  const skipInvalid = random.chance(0.7);
  const job = kind === 'job' ? mutatedJob(random) : random.chance(0.6) ? anyJob(random, kind) : undefined;
  return { seed, kind, manifest: manifestOf(kind, { random, job: job?.from }), job: job?.file, skipInvalid };
}

/** A shipped job whose sample has the format, if there is one. */
function anyJob(random: Random, kind: Kind) {
  const fitting = jobNames.filter((name) => sampleFor(name).endsWith(`.${kind}`));
  const from = random.pick(fitting.length === 0 ? jobNames : fitting);
  return { from, file: { name: 'job.json', content: readFileSync(join(jobs, from)) } };
}

/** A shipped job with parts replaced, as JSON or YAML, sometimes with damaged text. */
function mutatedJob(random: Random) {
  const from = random.pick(jobNames);
  const value = mutateJson(JSON.parse(readFileSync(join(jobs, from), 'utf8')), random);
  const isYaml = random.chance(0.3);
  const text = isYaml ? stringify(value) : JSON.stringify(value, undefined, 2);
  const content = random.chance(0.15) ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
  return { from, file: { name: isYaml ? 'job.yaml' : 'job.json', content } };
}

function manifestOf(kind: Kind, { random, job }: { random: Random; job: string | undefined }): InputFile {
  const own = job === undefined ? undefined : sampleFor(job);
  if (kind === 'job' || (own?.endsWith(`.${kind}`) ?? false))
    return kind === 'job'
      ? { name: own ?? 'workday.csv', content: sample(own ?? 'workday.csv') }
      : { name: `m.${kind}`, content: mutateBytes(sample(own ?? ''), random) };
  if (kind === 'xlsx')
    return { name: 'm.xlsx', content: mutateWorkbook(bookOf(own ?? random.pick(sampleNames)), random) };
  // Without a job only our own columns are read.
  const names = sampleNames.filter((name) => name.endsWith(`.${kind}`) && name.startsWith('leavers'));
  const source = sample(random.pick(names));
  if (kind !== 'json' || random.chance(0.5)) return { name: `m.${kind}`, content: mutateBytes(source, random) };
  const value = mutateJson(JSON.parse(source.toString('utf8')), random);
  return { name: 'm.json', content: Buffer.from(JSON.stringify(value) ?? 'null') };
}

/** A workbook with the lines of a sample, however they are split, and with the parts that spreadsheets add. */
function bookOf(name: string): Uint8Array {
  const lines = sample(name).toString('utf8').split(/\r?\n/).filter(Boolean).slice(0, 20);
  const escaped = (cell: string) => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace(/^"|"$/g, '');
  const rows = lines.map((line) =>
    line
      .split(/[,;\t]/)
      .slice(0, 20)
      .map(escaped),
  );
  return withParts(
    workbook({
      Data: rows,
      Other: [
        ['x', { day: 46_000 }],
        [1, { formula: 'A1' }],
      ],
    }),
    {
      'xl/tables/table1.xml': '<table><autoFilter ref="A1:B3"><filterColumn colId="0"/></autoFilter></table>',
      'xl/worksheets/_rels/sheet1.xml.rels':
        '<Relationships><Relationship Id="rId1" Type="t/table" Target="../tables/table1.xml"/></Relationships>',
    },
  );
}
