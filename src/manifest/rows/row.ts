// What reading a manifest yields: valid records, repeats of earlier ones, and rows that are malformed.
import type { JobRecord } from '../../model.ts';

/** One thing wrong with one row (or with the file, when `line` is the header's). */
export interface Issue {
  readonly file: string;
  readonly line: number;
  readonly column?: string;
  /** Says which value is wrong, what is allowed and what to do; without the place. */
  readonly message: string;
  /** Same for all issues of one kind; for counting by cause. */
  readonly cause: string;
}

export type Row =
  | {
      readonly kind: 'record';
      readonly record: JobRecord;
      /** The same change stands earlier with another date; whether that is refused is judged when all rows are known. */
      readonly redated?: true;
    }
  | { readonly kind: 'duplicate'; readonly record: JobRecord }
  | {
      readonly kind: 'invalid';
      readonly row: number;
      readonly file: string;
      readonly line: number;
      readonly key: string;
      readonly issues: readonly Issue[];
    };
