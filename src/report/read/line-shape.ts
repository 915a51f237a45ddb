// wrongField: finds a field of a report line with a wrong type. The hash chain can be intact even so.
import { outcomes } from '../../model.ts';

type Fields = Readonly<Record<string, unknown>>;
type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number';
const isFlag: Test = (value) => typeof value === 'boolean';
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
/** An optional field, because older versions do not write it. */
const ifThere =
  (test: Test): Test =>
  (value) =>
    value === undefined || orNull(test)(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);

const isManifest: Test = (value) => isFields(value) && isText(value['path']) && isNumber(value['rows']);
const isCounts: Test = (value) =>
  isFields(value) && Object.values(value).every((each) => isFields(each) && Object.values(each).every(isNumber));

const isToken: Test = (value) => isFields(value) && ['id', 'label', 'createdAt'].every((name) => isText(value[name]));
const isPrices: Test = (value) =>
  isFields(value) &&
  ifThere(isText)(value['currency']) &&
  isFields(value['perSeat']) &&
  Object.values(value['perSeat']).every(isNumber);

const shapes: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  'run-start': {
    org: isText,
    orgName: ifThere(isText),
    api: isText,
    manifests: listOf(isManifest),
    job: orNull(isText),
    operator: isText,
    settings: isFields,
    plan: ifThere((value) => isFields(value) && ['path', 'created', 'sha256'].every((name) => isText(value[name]))),
    approvals: ifThere(listOf((value) => isFields(value) && isText(value['approver']) && isText(value['time']))),
    unmatchedGuards: ifThere(listOf(isText)),
    jobName: ifThere(isText),
    prices: ifThere(isPrices),
  },
  'row-sent': { key: isText, row: isNumber, listed: ifThere(listOf(isToken)) },
  row: {
    key: isText,
    row: isNumber,
    file: isText,
    line: isNumber,
    action: orNull(isText),
    accountId: orNull(isText),
    email: orNull(isText),
    groupId: orNull(isText),
    groupName: orNull(isText),
    reference: orNull(isText),
    outcome: (value) => outcomes.some((each) => each === value),
    reason: orNull(isText),
    status: orNull(isNumber),
    attempts: isNumber,
    ambiguous: isFlag,
    ms: isNumber,
    apiMs: ifThere(isNumber),
    message: orNull(isText),
    error: orNull(
      (value) =>
        isFields(value) && ['code', 'title', 'detail', 'traceId'].every((name) => ifThere(isText)(value[name])),
    ),
    requestId: ifThere(isText),
    fields: isFields,
  },
  verification: {
    key: isText,
    checked: ifThere(listOf(isText)),
    state: isText,
    seen: orNull(isText),
    auditEvent: orNull(
      (value) => isFields(value) && ['id', 'time', 'action', 'actor'].every((name) => isText(value[name])),
    ),
    open: orNull(
      (value) =>
        isFields(value) &&
        ['groups', 'roles'].every((name) => orNull(listOf(isText))(value[name])) &&
        orNull(isNumber)(value['apiTokens']) &&
        orNull(isFlag)(value['admin']),
    ),
  },
  'run-end': {
    outcome: isText,
    reason: orNull(isText),
    counts: isCounts,
    requests: isNumber,
    throttled: isNumber,
    seconds: isNumber,
    unsent: ifThere(listOf(isText)),
    waits: ifThere(listOf((value) => isFields(value) && isNumber(value['at']) && isNumber(value['ms']))),
  },
};

/** The first field of a line that has the wrong type, or undefined. Unknown events are not checked. */
export function wrongField(line: unknown): string | undefined {
  if (!isFields(line)) return 'the line itself';
  for (const name of ['time', 'runId', 'event']) if (!isText(line[name])) return name;
  const shape = shapes[String(line['event'])];
  if (Number.isNaN(Date.parse(String(line['time'])))) return 'time';
  for (const name in shape) if (shape[name]?.(line[name]) === false) return name;
  return undefined;
}
