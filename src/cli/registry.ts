// The one table of commands: help, completion, dispatch, README and tests are read from it. Each command's work is in a file of its own.
import type { CommandName } from '../config/flags/flag.ts';
import type { Command } from '../commands/command.ts';

const run: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Plan, confirm, execute and report the rows of manifests.',
  about:
    'Several manifests are one run, in the order given; - is stdin. Settings: flag over environment over job file over default.',
  examples: [
    ['run leavers.csv --dry-run', 'what would happen; nothing is changed'],
    ['run leavers.csv --allow remove-user', 'do it, after a question'],
    ['run leavers.csv --report night.ndjson --resume --yes', 'a cron line: go on where the last run ended'],
    ['run export.csv --job jobs/hr-offboarding.json', "somebody else's export, by a job file"],
    ['run leavers.csv --sandbox', 'rehearse it on the embedded organization'],
  ],
  handlesSignals: true,
  start: async (call) => (await import('../commands/begin.ts')).beginRun(call),
};

const plan: Command = {
  args: '<manifest...>',
  least: 0,
  most: 1000,
  summary: 'Check every row, look people up, and print what run would do and why.',
  examples: [
    ['plan leavers.csv', 'who would be changed, who is left out and why'],
    ['plan leavers.csv --out plan.ndjson', 'save it with ids resolved, for run'],
    ['plan export.csv --job jobs/hr-offboarding.json --offline', 'check an export without a call'],
  ],
  start: async (call) => (await import('../commands/begin.ts')).beginPlan(call),
};

const report: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Sum up one or more reports, as text, page, table, evidence or retry manifest.',
  examples: [
    ['report reports/leavers.ndjson', 'how the run went'],
    ['report reports/*.ndjson --html week.html', 'a page of several runs'],
    ['report night.ndjson --evidence out.csv', 'a line a leaver, for an auditor'],
    ['report night.ndjson --retry again.csv', 'a manifest of what did not succeed'],
  ],
  start: async (call) => (await import('../commands/report/report.ts')).report(call),
};

const verify: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Check the hash chain of reports: what was edited, dropped, swapped or added.',
  examples: [
    ['verify reports/leavers.ndjson', 'is it as it was written, and complete?'],
    ['verify reports/leavers.ndjson --live', 'and are people in the state that it claims?'],
  ],
  start: async (call) => (await import('../commands/verify/verify.ts')).verify(call),
};

const undo: Command = {
  args: '<report...>',
  least: 1,
  most: 1000,
  summary: 'Print the inverse manifest, newest change first; say what cannot be undone and why.',
  about:
    'A removed person is invited again, with the groups and (API v2) the roles of their own that were read before. Whatever no row brings back is said.',
  examples: [
    ['undo night.ndjson --out back.ndjson', 'write it, look at it, then: leavers run back.ndjson'],
    ['undo night.ndjson | leavers plan -', 'what the way back would do'],
  ],
  start: async (call) => (await import('../commands/undo/undo.ts')).undo(call),
};

const inactive: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'List people who have not been active for some days, as a manifest.',
  about:
    'A failed look-up is never inactivity. Admins, apps and protected people are left out; dates are up to 24 hours late.',
  examples: [
    ['inactive --days 90 --out idle.csv', 'review it, then: leavers run idle.csv'],
    ['inactive --days 90 --products confluence', 'who does not use Confluence'],
  ],
  start: async (call) => (await import('../commands/begin.ts')).beginInactive(call),
};

const template: Command = {
  args: '[action or job]',
  least: 0,
  most: 1,
  summary: 'Print a CSV to fill in, with the columns of an action or a job file.',
  examples: [
    ['template suspend-user > leavers.csv', 'the columns of one action'],
    ['template jobs/hr-offboarding.json', 'the headers that a job reads'],
  ],
  start: async (call) => (await import('../commands/template/template.ts')).template(call),
};

const actions: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'List the actions, their columns, risk and endpoints.',
  examples: [
    ['actions', 'a table to read'],
    ['actions --json', 'the same for a program'],
  ],
  start: async (call) => (await import('../commands/actions/actions.ts')).actions(call),
};

const doctor: Command = {
  args: '',
  least: 0,
  most: 0,
  summary: 'Check key, organization, API generation, directories, clock, proxy and report folder.',
  examples: [['doctor', 'one verdict a line; exit code by the worst']],
  start: async (call) => (await import('../commands/begin.ts')).beginDoctor(call),
};

const sandbox: Command = {
  args: '[state file]',
  least: 0,
  most: 1,
  summary: 'Serve the embedded organization for rehearsals and other tools.',
  examples: [
    ['sandbox --port 8080', 'the built-in organization on 127.0.0.1:8080'],
    ['sandbox org.json --rate-limit 100/10s --faults faults.json', 'your own, strict and unreliable'],
  ],
  handlesSignals: true,
  start: async (call) => (await import('../commands/sandbox/serve-sandbox.ts')).sandbox(call),
};

const completion: Command = {
  args: '<bash|zsh|fish>',
  least: 1,
  most: 1,
  summary: 'Print a completion script for a shell.',
  examples: [
    ['completion bash > ~/.local/share/bash-completion/completions/leavers', ''],
    ['completion zsh > "${fpath[1]}/_leavers"', ''],
    ['completion fish > ~/.config/fish/completions/leavers.fish', ''],
  ],
  start: async (call) => (await import('./completion.ts')).completion(call),
};

/** Every command by its name. One that is missing is a compile error. */
export const commands: Readonly<Record<CommandName, Command>> = {
  run,
  plan,
  report,
  verify,
  undo,
  inactive,
  template,
  actions,
  doctor,
  sandbox,
  completion,
};
