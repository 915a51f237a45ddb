// The API of managed accounts, at the root of the server: privileges, API tokens, deactivation. The same on both generations.
import type { Hono } from 'hono';
import type { Change } from '../organization.ts';
import { deactivate, isDeactivated, reactivate, revokeToken } from '../rules/account-rules.ts';
import { param, type Env, type RouteContext } from '../http/request.ts';
import type { PersonState } from '../state-file.ts';

const at = '/users/:account/manage';

/** Adds the routes to an app whose paths start at the root. */
export function serveAccounts(app: Hono<Env>): void {
  app.get(at, (c) => withAccount(c, 'seen', (person) => c.json(privilegesOf(person))));
  app.get(`${at}/api-tokens`, (c) =>
    withAccount(c, 'seen', (person) => refusal(c, person) ?? c.json(person.apiTokens.map(tokenView))),
  );
  app.delete(`${at}/api-tokens/:token`, (c) =>
    withAccount(c, 'truth', (person) => {
      const token = person.apiTokens.find(({ id }) => id === param(c, 'token'));
      const missing = token === undefined ? c.json({ key: 'notFound' }, 404) : undefined;
      return refusal(c, person) ?? missing ?? done(c, revokeToken(person, param(c, 'token')));
    }),
  );
  for (const [verb, rule] of [
    ['disable', deactivate],
    ['enable', reactivate],
  ] as const)
    app.post(`${at}/lifecycle/${verb}`, (c) =>
      withAccount(c, 'truth', (person) => {
        const isThere = isDeactivated(person) === (verb === 'disable');
        return refusal(c, person) ?? badBody(c) ?? (isThere ? notEligible(c, person, verb) : done(c, rule(person)));
      }),
    );
}

function withAccount(c: RouteContext, view: 'seen' | 'truth', answer: (person: PersonState) => Response): Response {
  const person = c.env[view].people.get(param(c, 'account'));
  if (person === undefined) return c.json({ key: 'accountNotFound' }, 404);
  return person.claimed ? answer(person) : c.json({ key: 'forbidden' }, 403);
}

function done(c: RouteContext, change: Change): Response {
  c.env.apply(change);
  return c.body(null, 204);
}

function ruleOf({ restriction }: PersonState) {
  return restriction === undefined ? { allowed: true } : { allowed: false, reason: { key: restriction } };
}

function privilegesOf(person: PersonState) {
  const names = ['lifecycle.enablement', 'lifecycle.delete', 'apiToken.read', 'apiToken.delete', 'email.set'];
  return Object.fromEntries(names.map((name) => [name, ruleOf(person)]));
}

function refusal(c: RouteContext, person: PersonState): Response | undefined {
  if (person.restriction === undefined) return undefined;
  return c.json({ key: 'forbidden.action', context: ruleOf(person) }, 403);
}

/** Only a deactivation may have a body. */
function badBody(c: RouteContext): Response | undefined {
  if (c.env.text === '') return undefined;
  try {
    const { message } = JSON.parse(c.env.text) as { message?: unknown };
    if (message === undefined || typeof message === 'string') return undefined;
  } catch {
    return c.json({ key: 'bodyParseFailure' }, 400);
  }
  return c.json(
    {
      key: 'fieldConstraintsViolated',
      context: { fieldViolations: [{ field: 'message', violations: [{ key: 'type' }] }] },
    },
    400,
  );
}

function notEligible(c: RouteContext, { accountId }: PersonState, verb: string): Response {
  const message = `The account is not eligible for ${verb}`;
  return c.json(
    { key: 'conflict.lifecycleErrors', context: { message, accountId, errorCodes: [{ code: verb }] } },
    409,
  );
}

function tokenView({ id, label, createdAt, lastAccess }: PersonState['apiTokens'][number]) {
  const shown = (text: string) => new Date(text).toISOString();
  return {
    id,
    label,
    createdAt: shown(createdAt),
    ...(lastAccess === undefined ? {} : { lastAccess: shown(lastAccess) }),
  };
}
