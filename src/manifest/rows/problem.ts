// What is wrong with a value, a row or a file, before it is an error for somebody. Counting and listing is left to check.ts.
import { InputError } from '../../errors.ts';
import type { Issue } from './row.ts';

/** A reason to refuse: `message` in full, `cause` the same for all of its kind. */
export interface Problem {
  readonly column?: string;
  readonly message: string;
  readonly cause: string;
}

/** What a column's reader gives back instead of a value. */
export class FieldError {
  readonly message: string;
  readonly cause: string;

  constructor(message: string, cause: string) {
    this.message = message;
    this.cause = cause;
  }
}

/** The file can't be read on from here; nothing after that line is known. */
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
