// surveyRows: spools rows to disk and finds the columns that occur and their widths, in bounded memory.
import { Spool } from '../spool.ts';
import { cellText } from './csv-text.ts';
import type { Column, OutputRow, OutputTable } from './output-table.ts';

/** The widest column of a workbook, in characters. */
const maxWidth = 60;

export interface SurveyedColumn extends Column {
  /** Characters of the longest value or the header, up to a limit. */
  readonly width: number;
}

/** Columns and rows of a table after the first pass. Dispose of it. */
export interface RowSurvey extends Disposable {
  readonly columns: readonly SurveyedColumn[];
  rows(): Generator<OutputRow>;
}

/** Reads all rows. A manifest without rows keeps its first column, because a file needs a header. */
export async function surveyRows({ columns, rows, purpose }: OutputTable, tmpdir: string): Promise<RowSurvey> {
  const spool = new Spool<OutputRow>(tmpdir);
  try {
    const widths = new Map<string, number>();
    for await (const row of rows) {
      spool.add(row);
      for (const [name, value] of Object.entries(row)) {
        if (value === undefined || value === null) continue;
        widths.set(name, Math.max(widths.get(name) ?? 0, Math.min(cellText(value).length, maxWidth)));
      }
    }
    const isKept = ({ name }: Column, at: number) =>
      purpose === 'people' || widths.has(name) || (at === 0 && widths.size === 0);
    return {
      columns: columns
        .filter(isKept)
        .map((column) => ({ ...column, width: Math.max(widths.get(column.name) ?? 0, column.name.length) })),
      rows: () => spool.entries(),
      [Symbol.dispose]: () => spool.close(),
    };
  } catch (error) {
    spool.close();
    throw error;
  }
}
