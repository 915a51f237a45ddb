// The manifests in jobs/kubernetes: rendered by the real kubectl, decoded by its types, and checked for their meaning.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CronJob as CronJobModel } from 'kubernetes-models/batch/v1/CronJob';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { afterAll, describe, expect, it } from 'vitest';
import { readOrganizations } from '../../../src/config/organizations-file.ts';
import { flags } from '../../../src/config/flags/flag-table.ts';
import { type Claim, type CronJob, cronJobProblems } from '../../support/cron-job-problems.ts';
import { fieldsOf, type KubeObject, unpackKubectl } from '../../support/kubectl.ts';
import { folder, root } from '../../support/spawn.ts';

const home = folder();
afterAll(() => home[Symbol.dispose]());
const kubectl = unpackKubectl(home.path);
const kubernetes = join(root, 'jobs', 'kubernetes');
const list = join(kubernetes, 'many-organizations', 'organizations.yaml');
const names = ['one-organization', 'many-organizations'] as const;
const rendered = {
  'one-organization': kubectl.kustomize(join(kubernetes, names[0])),
  'many-organizations': kubectl.kustomize(join(kubernetes, names[1])),
};
const entries = (await readOrganizations(list)).length;

const ofKind = (name: (typeof names)[number], kind: string) => rendered[name].filter((each) => each.kind === kind);
const cronOf = (name: (typeof names)[number]) => ofKind(name, 'CronJob')[0] as CronJob;
const problemsOf = (name: (typeof names)[number], cron: CronJob) =>
  cronJobProblems(cron, ofKind(name, 'PersistentVolumeClaim') as Claim[], entries);

/** The same CronJob with other fields in the spec of its Job. */
function changed(cron: CronJob, other: object): CronJob {
  const job = { ...cron.spec.jobTemplate.spec, ...other };
  return { ...cron, spec: { ...cron.spec, jobTemplate: { ...cron.spec.jobTemplate, spec: job } } };
}

/** Fields that Kubernetes does not know. */
function unknownFields(cron: CronJob): string[] {
  const known = new Set(fieldsOf(kubectl.decode(cron)));
  return fieldsOf(cron).filter((field) => !known.has(field));
}

describe.each(names)('jobs/kubernetes/%s', (name) => {
  it('is rendered by kubectl with everything that it needs', () => {
    const kinds = ['ConfigMap', 'CronJob', 'Namespace', 'NetworkPolicy', 'PersistentVolumeClaim', 'ServiceAccount'];
    expect([...new Set(rendered[name].map(({ kind }) => kind))].toSorted()).toEqual(kinds);
  });

  it('has no field in its CronJob that Kubernetes does not know', () => {
    expect(unknownFields(cronOf(name))).toEqual([]);
    expect(unknownFields(changed(cronOf(name), { backofLimit: 3 }))).toEqual(['spec.jobTemplate.spec.backofLimit']);
  });

  it('holds objects of the types of Kubernetes', () => {
    const plain = { ConfigMap, Namespace, PersistentVolumeClaim, ServiceAccount };
    const models = { CronJob: CronJobModel, NetworkPolicy, ...plain };
    const validate = (each: KubeObject) => new models[each.kind as keyof typeof models](each as never).validate();
    for (const each of rendered[name]) expect(() => validate(each)).not.toThrow();
    expect(() => validate(changed(cronOf(name), { completions: 'three' }))).toThrow(/completions/);
  });

  it('has no other fields in its claims and its network policy', () => {
    const fields = [...ofKind(name, 'PersistentVolumeClaim'), ...ofKind(name, 'NetworkPolicy')].flatMap((each) =>
      fieldsOf((each as unknown as { spec: object }).spec),
    );
    expect([...new Set(fields)].toSorted()).toMatchInlineSnapshot(`
      [
        "accessModes[]",
        "egress[]",
        "egress[].ports[]",
        "egress[].ports[].port",
        "egress[].ports[].protocol",
        "egress[].to[]",
        "egress[].to[].ipBlock",
        "egress[].to[].ipBlock.cidr",
        "egress[].to[].ipBlock.except[]",
        "egress[].to[].namespaceSelector",
        "egress[].to[].namespaceSelector.matchLabels",
        "egress[].to[].namespaceSelector.matchLabels.kubernetes.io/metadata.name",
        "podSelector",
        "podSelector.matchLabels",
        "podSelector.matchLabels.app.kubernetes.io/name",
        "policyTypes[]",
        "resources",
        "resources.requests",
        "resources.requests.storage",
      ]
    `);
  });

  it('gives its pods nothing that they do not need', () => {
    const { spec } = cronOf(name).spec.jobTemplate.spec.template;
    expect(spec).toMatchObject({
      serviceAccountName: 'leavers',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '256Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
  });

  it('has no problem that only shows at night', () => {
    expect(problemsOf(name, cronOf(name))).toEqual([]);
  });

  it('names only flags of the program', () => {
    const [{ args }] = cronOf(name).spec.jobTemplate.spec.template.spec.containers;
    const given = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2).replace(/=.*/, ''));
    expect(given.filter((flag) => !(flag in flags))).toEqual([]);
  });

  it('mounts what it renders, and only Secrets that the documentation makes', () => {
    const { volumes } = cronOf(name).spec.jobTemplate.spec.template.spec;
    const maps = volumes.flatMap(({ configMap }) => configMap?.name ?? []);
    expect(maps.filter((map) => !rendered[name].some(({ metadata }) => metadata.name === map))).toEqual([]);
    const document = readFileSync(join(root, 'docs', 'deploy', 'kubernetes.md'), 'utf8');
    const secrets = volumes.flatMap(({ secret }) => secret?.secretName ?? []);
    expect(secrets.filter((secret) => !document.includes(`create secret generic ${secret} `))).toEqual([]);
  });

  it('has the version of the package and lists of exit codes on one line', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(cronOf(name).metadata.labels['app.kubernetes.io/version']).toBe(version);
    expect(readFileSync(join(kubernetes, name, 'kustomization.yaml'), 'utf8')).toContain(`newTag: ${version} `);
    expect(readFileSync(join(kubernetes, name, 'cronjob.yaml'), 'utf8')).toMatch(/values: \[[\d, ]+\]/);
  });
});

describe('the check of meaning', () => {
  const many = cronOf('many-organizations');
  it.each<[object, string]>([
    [{ backoffLimitPerIndex: undefined }, 'FailIndex needs backoffLimitPerIndex'],
    [{ completions: 4 }, 'completions is 4, but the list has 3 entries'],
    [{ activeDeadlineSeconds: 7200 }, 'the deadline is not beyond --max-duration'],
    [{ backoffLimitPerIndex: 3 }, 'an outage of four hours uses up all tries'],
    [{ podReplacementPolicy: 'TerminatingOrFailed' }, 'a second pod starts while the first still writes'],
    [{ podFailurePolicy: { rules: [] } }, 'one failed index ends the others'],
  ])('refuses %j', (other, problem) => {
    expect(problemsOf('many-organizations', changed(many, other))).toContain(problem);
  });

  it('refuses claims that one node alone can mount', () => {
    const claim = { kind: 'PersistentVolumeClaim', metadata: { name: 'leavers-data', labels: {} } };
    const claims = [{ ...claim, spec: { accessModes: ['ReadWriteOnce'] } }];
    expect(cronJobProblems(many, claims, entries)).toEqual(['indexes on two nodes need ReadWriteMany']);
  });
});
