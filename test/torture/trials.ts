// All accidents of the torture in their order, and the figures that have no row here.
import { diskFigures, forgottenFigure } from './disk.ts';
import { editFigures } from './edits.ts';
import { inputFigures } from './input.ts';
import { journalFigures } from './journals.ts';
import { figuresOf, torture } from './kills.ts';
import { keyFigures, limitFigure, outageFigures } from './limits.ts';
import { lockFigures } from './locks.ts';
import { faultFigures, lostFigures, styleFigures } from './network.ts';
import { operationFigures } from './operations.ts';
import { outputFigures } from './output.ts';
import { none, type Trial } from './score.ts';
import { keyFigure } from './secrets.ts';
import { stepFigures } from './steps.ts';

export const trials: readonly Trial[] = [
  {
    ids: ['A1', 'A2', 'A3', 'A4'],
    run: async ({ kills }, tell) =>
      figuresOf(await torture({ kills, tell: ({ kills: done }) => tell(`${done} of ${kills} kills`) })),
  },
  { ids: ['A4'], run: ({ lost }) => lostFigures(lost) },
  { ids: ['A5', 'A6', 'D6'], run: ({ rows, flips }) => journalFigures(rows, flips) },
  {
    ids: ['A7'],
    run: async ({ tails }, tell) => {
      const score = await torture({
        kills: tails,
        power: true,
        tell: ({ kills }) => tell(`${kills} of ${tails} cuts`),
      });
      const { lost, unflagged, doubled, worst, kills, rows } = score;
      const wrong = none(
        'A7',
        'rows lost, unflagged or doubled by power cuts',
        lost + unflagged + doubled,
        `${rows} rows, ${kills} cuts`,
      );
      const most = {
        id: 'A7',
        name: 'rows carried out twice by one power cut',
        figure: `≤ ${worst}`,
        target: '≤ 8',
        holds: worst <= 8,
      };
      return [wrong, most];
    },
  },
  { ids: ['A8'], run: ({ rows }) => diskFigures(rows) },
  { ids: ['A10'], run: ({ starts }) => lockFigures(starts) },
  { ids: ['A11'], run: ({ edits }) => editFigures(edits) },
  { ids: ['A12'], run: ({ steps }) => stepFigures(steps) },
  { ids: ['A13'], run: async ({ forgotten }) => [await forgottenFigure(forgotten)] },
  { ids: ['B1', 'B2'], run: ({ repeats }) => faultFigures(repeats) },
  { ids: ['B3'], run: ({ repeats }) => styleFigures(repeats) },
  { ids: ['B4'], run: async ({ calls }) => [await limitFigure(calls)] },
  { ids: ['B5'], run: () => outageFigures() },
  { ids: ['B6'], run: () => keyFigures() },
  { ids: ['C1', 'C2', 'C3', 'C7', 'C8'], run: ({ mutations, lines }) => inputFigures(mutations, lines) },
  { ids: ['C4'], run: async () => [await keyFigure()] },
  { ids: ['C5', 'C6'], run: () => outputFigures() },
  { ids: ['D1', 'D2', 'D4', 'D5'], run: ({ signals }) => operationFigures(signals) },
];

/** Figures without a row, and why. */
export const notOurs: Readonly<Record<string, string>> = {
  A9: 'a table of cases: test/e2e/run/disk.test.ts and report-tampering.test.ts',
  D3: 'a table of cases: test/e2e/jobs/image.test.ts',
  'B4, processes that share Redis':
    'the rate is kept in one process; the lock and a report an organization keep runs apart',
  B7: 'no Redis in it',
  'D5, npm audit': 'asks a registry; the package needs no other, so what is audited is what builds it',
};
