// The surface that people script against: commands, flags, short names, variables, exit codes, actions. A change here is a change for them.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/registry.ts';
import { exitCodes } from '../../src/errors.ts';
import { commandNames, type Flag } from '../../src/config/flags/flag.ts';
import { flags } from '../../src/config/flags/flag-table.ts';
import { actionNames, outcomes } from '../../src/model.ts';

const table = Object.entries<Flag>(flags);

describe('the surface', () => {
  it('has these commands with these arguments', () => {
    expect(commandNames.map((name) => `${name} ${commands[name].args}`.trim())).toMatchInlineSnapshot(`
      [
        "run <manifest...>",
        "plan <manifest...>",
        "approve <plan>",
        "reconcile <people...>",
        "init",
        "report <report...>",
        "verify <report...>",
        "undo <report...>",
        "inactive",
        "template [action or job]",
        "actions",
        "doctor",
        "sandbox [state file]",
        "completion <bash|zsh|fish>",
      ]
    `);
  });

  it.each(commandNames)('of %s has these flags', (name) => {
    const own = table.filter(([, { on }]) => on.includes(name)).map(([flag]) => flag);
    expect(own.join(' ')).toMatchSnapshot();
  });

  it('has these short names', () => {
    expect(
      table.flatMap(([name, { alias }]) => (alias === undefined ? [] : [`-${alias} --${name}`])),
    ).toMatchInlineSnapshot(`
      [
        "-n --dry-run",
        "-y --yes",
        "-q --quiet",
        "-v --verbose",
        "-h --help",
        "-V --version",
      ]
    `);
  });

  it('reads these variables', () => {
    const named = table.flatMap(([name, { env }]) => (env === undefined ? [] : [`${env} --${name}`]));
    expect(named.toSorted()).toMatchInlineSnapshot(`
      [
        "ATLASSIAN_ACCOUNT_URL --account-url",
        "ATLASSIAN_API_KEY_FILE --api-key-file",
        "ATLASSIAN_API_URL --base-url",
        "ATLASSIAN_ORG_ID --org-id",
        "JOB_COMPLETION_INDEX --index",
        "LEAVERS_API --api",
        "LEAVERS_BURST --burst",
        "LEAVERS_CONCURRENCY --concurrency",
        "LEAVERS_DIRECTORY --directory",
        "LEAVERS_DRY_RUN --dry-run",
        "LEAVERS_JOB --job",
        "LEAVERS_JSON --json",
        "LEAVERS_LOG_FORMAT --log-format",
        "LEAVERS_MAX_CHANGES --max-changes",
        "LEAVERS_MAX_DURATION --max-duration",
        "LEAVERS_MAX_FAILURES --max-failures",
        "LEAVERS_METRICS_FILE --metrics-file",
        "LEAVERS_NOTIFY --notify",
        "LEAVERS_NO_INPUT --no-input",
        "LEAVERS_OPERATOR --operator",
        "LEAVERS_PING --ping",
        "LEAVERS_PROFILE --profile",
        "LEAVERS_PROTECT --protect",
        "LEAVERS_QUIET --quiet",
        "LEAVERS_RATE --rate",
        "LEAVERS_RETRIES --retries",
        "LEAVERS_TIMEOUT --timeout",
        "LEAVERS_VERBOSE --verbose",
        "LEAVERS_YES --yes",
        "NO_COLOR --no-color",
      ]
    `);
  });

  it('has these exit codes', () => {
    expect(exitCodes).toMatchInlineSnapshot(`
      {
        "SIGHUP": 129,
        "SIGINT": 130,
        "SIGTERM": 143,
        "bug": 70,
        "config": 78,
        "disk": 74,
        "failed": 1,
        "invalid": 65,
        "key": 77,
        "leftOut": 4,
        "missing": 66,
        "ok": 0,
        "pending": 2,
        "refused": 78,
        "report": 73,
        "stopped": 75,
        "unknown": 3,
        "usage": 64,
      }
    `);
  });

  it('has these actions and outcomes', () => {
    expect({ actionNames, outcomes }).toMatchInlineSnapshot(`
      {
        "actionNames": [
          "get-last-active",
          "suspend-user",
          "restore-user",
          "remove-user",
          "invite-user",
          "create-group",
          "delete-group",
          "add-user-to-group",
          "remove-user-from-group",
          "assign-group-roles",
          "revoke-group-roles",
          "grant-user-role",
          "revoke-user-role",
          "deactivate-user",
          "reactivate-user",
          "revoke-api-tokens",
        ],
        "outcomes": [
          "done",
          "already",
          "failed",
          "unknown",
          "skipped",
          "held",
          "invalid",
          "planned",
        ],
      }
    `);
  });
});
