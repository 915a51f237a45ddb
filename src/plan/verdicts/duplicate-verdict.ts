// duplicate(): the verdict of a row that repeats an earlier one.
import type { Row } from '../../manifest/rows/row.ts';
import type { PlannedRecord } from '../verdict.ts';

export type Duplicate = Extract<Row, { kind: 'duplicate' }>;

/** Skips a duplicate, and names the place of the first. */
export function duplicate({ record, firstPlace }: Duplicate): PlannedRecord {
  const { groups: _, ...target } = record.fields;
  const { file, line } = firstPlace ?? {};
  const where = file === record.file ? `line ${line}` : `${file}:${line}`;
  const message = `duplicate of ${firstPlace === undefined ? 'an earlier row' : where}`;
  return { record, target, verdict: { verdict: 'skip', reason: 'duplicate', message } };
}
