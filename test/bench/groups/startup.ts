// How long it takes until something is to be seen, against a Node that does nothing.
import { door, measure } from '../child.ts';
import { type Figure, ratios } from '../figure.ts';
import { writeRows } from '../rows.ts';

export async function startup(rounds: number): Promise<Figure[]> {
  const ten = writeRows('emails', 10);
  const [help, plan, base]: number[][] = [[], [], []];
  const time = async (words: readonly string[]) => (await measure(words, { isBare: true })).wallMs;
  // The compile cache is filled first: it is there at every start but the first of a version.
  for (const words of [
    [door, '--help'],
    [door, 'plan', ten, '--offline'],
  ])
    await time(words);
  for (let round = 0; round < rounds * 4; round += 1) {
    base?.push(await time(['-e', '0']));
    help?.push(await time([door, '--help']));
    plan?.push(await time([door, 'plan', ten, '--offline']));
  }
  const against = (times: number[] = []) => ratios(times.map((wall, round) => wall / (base?.[round] ?? Number.NaN)));
  const note = 'wall time ÷ `node -e 0`, in turn';
  return [
    { group: 'start-up', name: '`leavers --help`', ...against(help), bar: { atMost: 3.2 }, note },
    { group: 'start-up', name: '`leavers plan` of ten rows', ...against(plan), bar: { atMost: 7 }, note },
  ];
}
