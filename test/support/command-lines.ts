// commandLines: for each command, lines that succeed, that are refused and that fail, in an order in which each finds its files.
import type { CommandName } from '../../src/config/flags/flag.ts';

const allow = ['--allow=remove-user', '--allow=invite-user', '--allow=delete-group'];
const leavers = ['samples/leavers.csv', '--sandbox'];
const staff = ['samples/staff.csv', '--job=staff-reconciliation', '--sandbox'];
const hr = ['samples/workday.csv', '--job=jobs/hr-offboarding.json', '--sandbox'];
/** A key that the organization refuses. */
const refusedKey = ['--org-id=wrong', '--base-url=http://127.0.0.1:9/admin', '--retries=0'];

export type CommandLines = Readonly<Record<CommandName, readonly (readonly string[])[]>>;

/** Command lines that need nothing but a folder, in which they leave their files. */
export function commandLines(folder: string): CommandLines {
  const at = (name: string) => `${folder}/${name}`;
  return {
    template: [[], ['suspend'], ['suspend-user', '--from=x.csv']],
    actions: [[], ['--jsn']],
    completion: [['fsh']],
    plan: [
      [...leavers, ...allow, `--html=${at('plan.html')}`],
      [...leavers],
      [...leavers, ...allow, '--all', '--max-changes=3'],
      [...hr, `--out=${at('plan.json')}`],
      ['samples/workday.csv', '--sandbox'],
      [...hr, '--explain=5'],
      ['samples/personio.csv', '--job=jobs/personio.json', '--offline'],
      ['samples/personio.csv', '--job=jobs/hr-offboarding.json', '--offline'],
      ['samples/leavers.csv', ...refusedKey],
      [...leavers, '--api=v1', '--protect=samples/staff.csv'],
      [],
      [...leavers, '--out=plan.txt'],
    ],
    approve: [
      [at('plan.json'), '--as=ida@example.com', `--new-key=${at('ida.pem')}`],
      [at('plan.json'), '--as=ida@example.com', `--key=${at('ida.pem')}`],
      ['samples/leavers.csv', '--as=ida@example.com', `--key=${at('ida.pem')}`],
      [at('plan.json'), '--as=ida'],
    ],
    run: [
      [...leavers, ...allow, `--report=${at('run.ndjson')}`, '--accept=not-found'],
      [...leavers, ...allow, `--report=${at('run.ndjson')}`, '--resume', '--verbose'],
      [...leavers, ...allow, `--report=${at('run.ndjson')}`],
      [...hr, '--dry-run'],
      [...leavers, '--allow=remove-usr'],
      [...leavers],
      ['samples/leavers.csv', ...refusedKey],
      [at('plan.json'), '--sandbox', `--approvers=${at('nobody.txt')}`, '--operator=jo@example.com'],
    ],
    report: [
      [at('run.ndjson'), `--html=${at('page.html')}`, `--csv=${at('rows.csv')}`, `--evidence=${at('evidence.csv')}`],
      [at('run.ndjson'), `--retry=${at('retry.ndjson')}`],
      [at('run.ndjson'), '--redact', '--retry=x.csv'],
      ['samples/leavers.csv'],
    ],
    verify: [
      [at('run.ndjson')],
      [at('run.ndjson'), '--live', '--audit-log', '--sandbox'],
      [at('run.ndjson'), '--head=00000000000000000000000000000000'],
      [at('run.ndjson'), '--record'],
      ['samples/leavers.csv'],
    ],
    undo: [[at('run.ndjson'), `--out=${at('undo.ndjson')}`], [at('run.ndjson'), '--out=x.txt'], ['none.ndjson']],
    reconcile: [
      [...staff, '--domains=example.com', `--out=${at('gone.csv')}`, `--html=${at('drift.html')}`],
      [...staff],
      [...staff, '--domains=exmple.com', '--api=v1'],
      [...staff, '--domains=example.com', '--max-changes=1'],
      ['samples/staff.csv', '--sandbox', '--list=leavers'],
      ['none.csv', '--sandbox'],
    ],
    inactive: [
      ['--sandbox', '--days=90'],
      ['--sandbox', '--verbose', '--days=30', `--out=${at('idle.csv')}`],
      ['--sandbox', '--product=confluence', '--action=release-product', '--job=product-cleanup', '--days=20'],
      ['--sandbox', '--api=v1', '--product=confluence', '--action=release-product', '--days=20'],
      ['--action=invite-user', '--days=90'],
    ],
    doctor: [['--sandbox'], ['--sandbox', '--api=v1'], [], [...refusedKey]],
    init: [[], ['--org-id=o', '--api-key-file=none.key'], ['--org-id=o', '--api-key-command=false']],
    sandbox: [['none.json'], ['--port=x']],
  };
}
