// provenance: the section with runs, manifests, settings and hashes for auditors, and the next commands.
import { type Markup, markup } from '../../../page/markup.ts';
import { timeElement } from '../../../page/page-dates.ts';
import type { RunSpan, RunSummary } from '../../summary.ts';

/** The data of the section. */
export interface ProvenanceSource {
  readonly summary: RunSummary;
  /** Of the reports. */
  readonly paths: readonly string[];
  /** Next steps for a reader with a terminal, each with its command. */
  readonly steps: readonly (readonly [what: string, command: string])[];
}

type Entry = readonly [name: string, value: Markup | string];

const maxRuns = 20;

/** The section "Run details". */
export function provenance({ summary, paths, steps }: ProvenanceSource): Markup {
  const entries: readonly Entry[] = [
    ...summary.runs.slice(-maxRuns).flatMap(runEntries),
    ['Report', paths.join(', ')],
    ['Seal', summary.head === undefined ? '' : `sha256:${summary.head}`],
    // The only section with commands; the rest of the page is for readers without a terminal.
    ...steps.map(([what, command]): Entry => [what, markup`<code class="whole">${command}</code>`]),
  ];
  return markup`<h2>Run details</h2><dl>${entries.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p class="soft">The seal is the last link of a chain over every line of the report; a line that is changed later breaks the chain.</p>`;
}

function runEntries({ runId, start, end }: RunSpan): Entry[] {
  const unmatched = start.unmatchedGuards ?? [];
  const ending = end === undefined ? 'no end written' : end.outcome;
  const generation = `API ${start.api}${start.directory === null ? '' : `, directory ${start.directory}`}`;
  return [
    ['Run', markup`${runId}, started ${timeElement(Date.parse(start.time))}, ${ending}`],
    ['By', start.operator],
    ...approvalEntries(start),
    ['Organization', [...(start.orgName === undefined ? [] : [start.orgName]), start.org, generation].join(', ')],
    ...start.manifests.map(({ path, sha256, rows }): Entry => ['Manifest', `${path}, ${rows} rows, SHA-256 ${sha256}`]),
    ...(start.job === null ? [] : [['Job', [start.jobName ?? [], start.job].flat().join(', ')] as const]),
    ...(unmatched.length === 0 ? [] : [['Guards that match nobody', unmatched.join(', ')] as const]),
    ['Settings', settingsOf(start.settings)],
    ['Version', `leavers ${start.version}`],
  ];
}

/** The saved plan that was run, and who approved it. */
function approvalEntries({ plan, approvals = [] }: RunSpan['start']): Entry[] {
  const savedPlan = plan && markup`${plan.path}, made ${timeElement(Date.parse(plan.created))}, SHA-256 ${plan.sha256}`;
  return [
    ...(savedPlan === undefined ? [] : [['Plan', savedPlan] as const]),
    ...approvals.map(
      ({ approver, time }): Entry => ['Approved by', markup`${approver}, ${timeElement(Date.parse(time))}`],
    ),
  ];
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
