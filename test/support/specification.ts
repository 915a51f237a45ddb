// Holds every request to a simulated organization, and every answer of its routes, against the published facts.
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { storedFacts } from '../../src/specification/stored-facts.ts';
import { openValidator, type Validator } from '../../src/specification/validator.ts';
import { observations, seenDeviations } from './as-published.ts';
import { deviations } from './deviations.ts';

const [current, retired, accounts] = (['organization', 'organization-v1', 'user-management'] as const).map((name) =>
  openValidator(storedFacts[name]),
) as [Validator, Validator, Validator];

/** The same organization; what passes through it is checked. Answers of a fault script are none of its own. */
export function observed(sandbox: Sandbox): Sandbox {
  return { ...sandbox, answer: (request) => observe(sandbox, request) };
}

async function observe(sandbox: Sandbox, request: Request) {
  const text = await request.clone().text();
  const { pathname, searchParams } = new URL(request.url);
  const seen = {
    method: request.method,
    path: pathname.replace(/^\/admin(?=\/)/, ''),
    query: Object.fromEntries(searchParams),
    body: parsed(text),
  };
  const validator = [current, retired, accounts].find((each) => each.operation(seen) !== undefined);
  const answer = await sandbox.answer(request);
  if (validator === undefined) return answer;
  const name = validator.operation(seen) ?? '';
  // Tests send malformed requests on purpose; the client never may.
  if (request.headers.get('user-agent')?.startsWith('leavers/') === true)
    note(observations.requests, name, '', validator.request(seen));
  if ('broken' in answer || answer.headers.has('x-sandbox-fault')) return answer;
  const status = answer.status;
  const body = parsed(await answer.clone().text());
  note(observations.answers, name, ` ${status}`, validator.answer(seen, { status, body }));
  return answer;
}

function note(kinds: Set<string>, name: string, suffix: string, problems: readonly string[]): void {
  kinds.add(`${name}${suffix}`);
  const lines = problems.map((problem) => `${name}${suffix}: ${problem.replaceAll(/\/\d+/g, '/n')}`);
  observations.violations.push(...lines.filter((line) => !isExcused(line)));
}

function isExcused(line: string): boolean {
  const reason = deviations.find(({ matches }) => matches.test(line));
  if (reason !== undefined) seenDeviations.add(reason);
  return reason !== undefined;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
