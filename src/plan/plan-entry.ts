// PlanEntry: an entry of a plan.
import type { Row } from '../manifest/rows/row.ts';
import type { PlannedRecord } from './verdict.ts';

/** A row that is malformed and only reported. */
export type InvalidRow = Extract<Row, { kind: 'invalid' }>;
/** A planned record, or a row that is malformed. */
export type PlanEntry = { readonly planned: PlannedRecord } | { readonly invalid: InvalidRow };
