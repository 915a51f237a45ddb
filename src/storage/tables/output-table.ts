// OutputTable: a stream of rows with named columns to write, as a manifest or as a table for people.
import type { OutputFormat } from './output-format.ts';

export interface Column {
  readonly name: string;
  /** The values are instants in ISO 8601; a workbook shows them as dates. */
  readonly isDate?: boolean;
}

/** Values by column name; undefined and null are empty. Lists stay lists in JSON. */
export type OutputRow = Readonly<Record<string, unknown>>;

export interface OutputTable {
  /**
   * `manifest`: only columns that occur, and values that read back exactly. `people`: all columns, and in CSV no value that a
   * spreadsheet takes for a formula.
   */
  readonly purpose: 'manifest' | 'people';
  /** In the order of the file. */
  readonly columns: readonly Column[];
  /** Read once. */
  readonly rows: AsyncIterable<OutputRow> | Iterable<OutputRow>;
  /** Most bytes per format that the readers of this kind of file accept. */
  readonly maxBytes?: Readonly<Partial<Record<OutputFormat, number>>>;
  /** Most bytes of a workbook's sheet, unpacked. */
  readonly maxSheetBytes?: number;
  /** Text before and after the array in JSON; other formats do not have it. */
  readonly envelope?: readonly [before: string, after: string];
  /** Overrides the extension, for a temporary file that is renamed later. */
  readonly format?: OutputFormat;
}
