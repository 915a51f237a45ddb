// `provenance`: runs, manifests, settings and hashes of a page, for auditors.
import { type Markup, markup } from './markup.ts';
import type { RunSummary } from '../../summary.ts';
import { moment } from './headline.ts';

/** The data of the section. */
export interface ProvenanceSource {
  readonly summary: RunSummary;
  /** Of the reports. */
  readonly paths: readonly string[];
}

/** The section "Run details". */
export function provenance({ summary, paths }: ProvenanceSource): Markup {
  const { runs, head: hash } = summary;
  const entries = runs
    .slice(-20)
    .flatMap(({ runId, start, end }): [string, string][] => [
      [
        'Run',
        `${runId}, started ${moment(Date.parse(start.time))}, ${end === undefined ? 'no end written' : end.outcome}`,
      ],
      ['By', start.operator],
      ...(start.plan === undefined
        ? []
        : [
            [
              'Plan',
              `${start.plan.path}, made ${moment(Date.parse(start.plan.created))}, SHA-256 ${start.plan.sha256}`,
            ] as [string, string],
          ]),
      ...(start.approvals ?? []).map(({ approver, time }): [string, string] => [
        'Approved by',
        `${approver}, ${moment(Date.parse(time))}`,
      ]),
      ...((start.unmatchedGuards ?? []).length === 0
        ? []
        : [['Guards that match nobody', (start.unmatchedGuards ?? []).join(', ')] as [string, string]]),
      [
        'Organization',
        `${start.org}, API ${start.api}${start.directory === null ? '' : `, directory ${start.directory}`}`,
      ],
      ...start.manifests.map(({ path, sha256, rows }): [string, string] => [
        'Manifest',
        `${path}, ${rows} rows, SHA-256 ${sha256}`,
      ]),
      ...(start.job === null ? [] : [['Job', start.job] as [string, string]]),
      ['Settings', settingsOf(start.settings)],
      ['Version', `leavers ${start.version}`],
    ]);
  const list = [...entries, ['Report', paths.join(', ')], ['Report hash', hash ?? '']];
  return markup`<h2>Run details</h2><dl>${list.map(([name = '', value = '']) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p>The report hash is the last link of a chain over every line: <code>leavers verify</code> finds any line that was changed since.</p>`;
}

/** Settings in words; a switch is named if it is on, an empty list is left out. */
function settingsOf(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => (value === true ? wordOf(name) : `${wordOf(name)} ${valueOf(name, value)}`))
    .join(', ');
}

/** `maxChanges` → `max changes`, `timeoutMs` → `timeout`. */
function wordOf(name: string): string {
  return name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueOf(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('Ms')) return `${value / 1000} s`;
  if (Array.isArray(value)) return value.map(String).join(' and ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { count, perMs, percent } = value as Readonly<Record<string, number | undefined>>;
  if (percent !== undefined) return `${percent}%`;
  if (perMs === undefined) return String(count);
  return `${count} per ${perMs === 60_000 ? 'minute' : perMs === 1000 ? 'second' : perMs === 3_600_000 ? 'hour' : `${perMs / 1000} s`}`;
}
