// A finished row in one line, for the log above the bar. Pure.
import type { RowEnd } from '../../../report/events.ts';
import { subjectOf } from '../../../model.ts';
import { neutralize } from '../../../text/sanitize.ts';

/** `✗ people.csv:14 suspend-user jo@example.com: failed, HTTP 403 ADMIN-403-5 Forbidden`. */
export function describeRow(line: RowEnd): string {
  const { outcome, reason, status, error, message } = line;
  const refused = [status === null ? '' : `HTTP ${status}`, error?.code, error?.title].filter(Boolean).join(' ');
  const why = error === null ? (message ?? reason ?? '') : refused;
  const mark = outcome === 'done' || outcome === 'already' ? '✓' : outcome === 'failed' ? '✗' : '–';
  const words = `${mark} ${line.file}:${line.line} ${line.action ?? ''} ${subjectOf(line)}: ${outcome}`;
  return neutralize(why === '' ? words : `${words}, ${why}`);
}
