// The rows of a manifest and the problems found in them: Row, Issue, Problem, FieldError, BrokenFile.
import { InputError } from '../../errors.ts';
import type { JobRecord } from '../../model.ts';

/** One thing wrong with one row (or with the file, when `line` is the header's). */
export interface Issue {
  readonly file: string;
  readonly line: number;
  readonly column?: string;
  /** The wrong value, what is allowed and what to do; without the place. */
  readonly message: string;
  /** Same for all issues of one kind; for counting by cause. */
  readonly cause: string;
}

export type Row =
  | {
      readonly kind: 'record';
      readonly record: JobRecord;
      /** An earlier row has the same change with another date. ConflictDetector decides later whether that is an error. */
      readonly redated?: true;
    }
  | {
      readonly kind: 'duplicate';
      readonly record: JobRecord;
      /** The place of the first of the equal rows; unknown in the first pass. */
      readonly firstPlace?: { readonly file: string; readonly line: number };
    }
  | {
      readonly kind: 'invalid';
      readonly row: number;
      readonly file: string;
      readonly line: number;
      readonly key: string;
      readonly issues: readonly Issue[];
    };

/** A reason to refuse: `message` in full, `cause` the same for all of its kind. */
export interface Problem {
  readonly column?: string;
  readonly message: string;
  readonly cause: string;
}

/** The result of a field parser for a value that it refuses. */
export class FieldError {
  readonly message: string;
  readonly cause: string;

  constructor(message: string, cause: string) {
    this.message = message;
    this.cause = cause;
  }
}

/** The file can't be read after this line. */
export class BrokenFile extends InputError {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(sentence(issue));
    this.issue = issue;
  }
}

/** `people.csv:14: email "jo@" is not an address; …` */
export function sentence({ file, line, column, message }: Issue): string {
  return `${file}:${line}: ${column === undefined ? '' : `${column} `}${message}`;
}
