// Manifests that are edited at random between two runs of one report: rows inserted, deleted, moved, doubled, and given another action.
import { group, person, serveCompany } from '../support/organization.ts';
import { leaversAt } from '../support/in-process.ts';
import { type Row, Scene, sequence, suspend } from './scene.ts';
import { type Figure, none } from './score.ts';

export interface EditScore {
  edits: number;
  rows: number;
  /** Rows of the edited manifest that were not carried out. */
  skipped: number;
  /** Rows of the first run that the second made again. */
  redone: number;
  /** Edits that were not told, or told where there were none. */
  untold: number;
}

const people = 24;
const leave = (n: number): Row => ({
  action: 'remove-user-from-group',
  email: person(n).email,
  groupId: group(0).groupId,
});
const join = (n: number): Row => ({ action: 'add-user-to-group', email: person(n).email, groupId: group(1).groupId });
const kinds = [suspend, leave, join];

const text = (row: Row) => JSON.stringify(row);

function editOnce(rows: readonly Row[], next: () => number): Row[] {
  const pick = (below: number) => Math.floor(next() * below);
  const [at, to] = [pick(rows.length), pick(rows.length + 1)];
  const row = rows[at] ?? suspend(0);
  const fresh = (kinds[pick(kinds.length)] ?? suspend)(pick(people));
  const edits: readonly (() => Row[])[] = [
    () => rows.toSpliced(to, 0, fresh),
    () => (rows.length > 2 ? rows.toSpliced(at, 1) : [...rows]),
    () => rows.toSpliced(at, 1).toSpliced(Math.min(to, rows.length - 1), 0, row),
    () => rows.toSpliced(to, 0, row),
    () => rows.toSpliced(at, 1, { ...fresh, email: row['email'] }),
  ];
  return (edits[pick(edits.length)] ?? (() => [...rows]))();
}

/** Runs, edits, runs again, so many times. */
export async function editManifests(edits: number): Promise<EditScore> {
  const score: EditScore = { edits: 0, rows: 0, skipped: 0, redone: 0, untold: 0 };
  const next = sequence(20_261_124);
  for (; score.edits < edits; score.edits += 1) {
    const before = Array.from({ length: 12 }, (_, n) => (kinds[n % 3] ?? suspend)(n));
    let after = before;
    for (let times = 1 + Math.floor(next() * 5); times > 0; times -= 1) after = editOnce(after, next);
    await editOne(score, before, after);
  }
  return score;
}

async function editOne(score: EditScore, before: readonly Row[], after: readonly Row[]): Promise<void> {
  using scene = new Scene();
  await using company = await serveCompany({ people });
  const report = scene.path('r.ndjson');
  const run = async (rows: readonly Row[]) => {
    const args = ['run', scene.manifest(rows), '--report', report, '--yes', '--resume', '--quiet'];
    const { code, stderr } = await leaversAt(Date.now(), args, { env: company.env, cwd: '/' });
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
    return stderr;
  };
  await run(before);
  const first = company.changes().length;
  const words = await run(after);
  const wanted = new Set([...before, ...after].map(text));
  const news = [...new Set(after.map(text))].filter((row) => !before.some((each) => text(each) === row));
  score.rows += after.length;
  score.skipped += Math.max(0, wanted.size - company.changes().filter(({ changed }) => changed).length);
  score.redone += Math.max(0, company.changes().length - first - news.length);
  // A row that is there twice is another row to the report, though it is not run.
  const isOther = after.map(text).toSorted().join() !== before.map(text).toSorted().join();
  if (words.includes('the manifest changed') !== isOther) score.untold += 1;
}

export async function editFigures(edits: number): Promise<Figure[]> {
  const { rows, skipped, redone, untold } = await editManifests(edits);
  const of = `${edits} edited manifests (${rows} rows)`;
  return [
    none('A11', 'rows skipped after an edit', skipped, of),
    none('A11', 'done rows made again after an edit', redone, of),
    none('A11', 'edits not told', untold, of),
  ];
}
