// The call of a command: one parse for each flag, settings with the job file in them, the key masked.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCall } from '../../../src/cli/open-call.ts';
import { openManifestSet } from '../../../src/commands/plan-manifests.ts';
import type { ParsedArgs } from '../../../src/config/precedence.ts';
import type { Mask } from '../../../src/terminal/render-error.ts';
import { world } from '../../support/context.ts';
import { desk } from '../../support/scenario.ts';

const env = {
  ATLASSIAN_ORG_ID: '8a130dbc-06bc-1a05-jjk7-9822046115j1',
  ATLASSIAN_API_KEY: 'ATCTT3xFfGN0-not-a-real-key-0123456789',
};
const context = world({ env, cwd: desk });

function callOf(flags: ParsedArgs['flags'], secrets: Mask[] = []) {
  return openCall({ name: 'run', args: { flags, positionals: [join(desk, 'mails.csv')] }, context, secrets });
}

function write(name: string, text: string): string {
  writeFileSync(join(desk, name), text);
  return join(desk, name);
}

describe('a call', () => {
  it('parses each flag once, for its settings too', async () => {
    const call = callOf({ rate: '3/s', job: write('pace.json', '{"pace": {"rate": "1/s", "timeout": "5s"}}') });
    const { api } = await call.settings({ online: true });
    expect(api.rate).toBe(call.flag('rate'));
    expect(api.timeoutMs).toBe(5000);
  });

  it('reads the job file once: manifests are opened with the one of its settings', async () => {
    const job = write('mails.json', '{"input": {"columns": {"email": "Mail"}}, "steps": [{"action": "suspend-user"}]}');
    write('mails.csv', 'Mail\nada@example.com\n');
    const settings = await callOf({ job, quiet: true }).settings({ online: true });
    rmSync(job);
    await using stack = new AsyncDisposableStack();
    const { set } = await openManifestSet(settings, context, { stack, signal: AbortSignal.any([]) });
    expect(set.manifests.map(({ mapping }) => mapping)).toEqual([[{ column: 'email', header: 'Mail', index: 1 }]]);
  });

  it('masks the key in errors from the moment that it is read', async () => {
    const secrets: Mask[] = [];
    const call = callOf({}, secrets);
    await call.settings({ online: true });
    expect(call.secrets.map((mask) => mask.hideIn(`key ${env.ATLASSIAN_API_KEY}`))).toEqual(['key [key]']);
    expect(secrets).toBe(call.secrets);
  });

  it('with other arguments and environment resolves settings of its own', async () => {
    const other = { ...context, env: { ...env, ATLASSIAN_ORG_ID: env.ATLASSIAN_ORG_ID.replace('8', '9') } };
    const call = callOf({ rate: '3/s' }).with({ args: { flags: {}, positionals: ['x.csv'] }, context: other });
    const { api, run } = await call.settings({ online: true });
    expect([api.org.slice(0, 2), api.rate, run.manifests]).toEqual(['9a', { count: 180, perMs: 60_000 }, ['x.csv']]);
  });
});
