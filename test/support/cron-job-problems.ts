// cronJobProblems(): what a CronJob says that Kubernetes accepts and that would fail at night, one sentence each.
import { exitCodes } from '../../src/errors.ts';
import type { KubeObject } from './kubectl.ts';

export interface CronJob extends KubeObject {
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly startingDeadlineSeconds: number;
    readonly jobTemplate: { readonly spec: JobSpec };
  };
}

export interface JobSpec {
  readonly completionMode?: string;
  readonly completions?: number;
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly activeDeadlineSeconds: number;
  readonly podReplacementPolicy: string;
  readonly podFailurePolicy: { readonly rules: readonly Rule[] };
  readonly template: {
    readonly spec: {
      readonly restartPolicy: string;
      readonly terminationGracePeriodSeconds: number;
      readonly containers: readonly [{ readonly args: readonly string[] }];
      readonly volumes: readonly Volume[];
    };
  };
}

interface Rule {
  readonly action: string;
  readonly onExitCodes?: { readonly values: readonly number[] };
}

interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
}

export interface Claim extends KubeObject {
  readonly spec: { readonly accessModes: readonly string[] };
}

/** Exit codes after which another try may succeed: late input, disk, stopped, and every signal, with 137 for SIGKILL. */
const retried = [66, 74, 75, 129, 130, 137, 143];
/** A Job never sees 2 (a command that only plans), and 0 is a success. 4 is listed for a person to look at who was left out. */
const final = [...new Set([...Object.values(exitCodes), 4])]
  .filter((code) => ![0, 2, ...retried].includes(code))
  .toSorted((a, b) => a - b);

/** Seconds that the API or an input may be away: the Job controller doubles 10 s up to 10 minutes between tries. */
export function secondsOfRetries(limit: number): number {
  return Array.from({ length: limit }, (_, n) => Math.min(10 * 2 ** n, 600)).reduce((sum, each) => sum + each, 0);
}

/** `--max-duration` in seconds, in hours as the manifests give it. */
function maxDuration(args: readonly string[]): number {
  const hours = /^--max-duration=(\d+)h$/.exec(args.find((arg) => arg.startsWith('--max-duration=')) ?? '')?.[1];
  return Number(hours ?? Number.NaN) * 3600;
}

/** The problems of a CronJob among the objects that are applied with it; `entries` is the length of the organizations list. */
export function cronJobProblems(cron: CronJob, claims: readonly Claim[], entries: number): string[] {
  const job = cron.spec.jobTemplate.spec;
  const indexed = job.completionMode === 'Indexed';
  const [rule] = job.podFailurePolicy.rules;
  const pod = job.template.spec;
  const limit = (indexed ? job.backoffLimitPerIndex : job.backoffLimit) ?? 0;
  const used = pod.volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
  const missing = used.filter((name) => !claims.some(({ metadata }) => metadata.name === name));
  const modeOf = (name: string) => claims.find(({ metadata }) => metadata.name === name)?.spec.accessModes.join();
  const wrong: readonly (readonly [boolean, string])[] = [
    [rule?.action === 'FailIndex' && job.backoffLimitPerIndex === undefined, 'FailIndex needs backoffLimitPerIndex'],
    [indexed && rule?.action !== 'FailIndex', 'one failed index ends the others'],
    [indexed && job.completions !== entries, `completions is ${job.completions}, but the list has ${entries} entries`],
    [!(job.activeDeadlineSeconds > maxDuration(pod.containers[0].args)), 'the deadline is not beyond --max-duration'],
    [pod.restartPolicy !== 'Never', 'podFailurePolicy needs restartPolicy Never'],
    [job.podReplacementPolicy !== 'Failed', 'a second pod starts while the first still writes'],
    [cron.spec.concurrencyPolicy !== 'Forbid', 'two nights run at once'],
    [pod.terminationGracePeriodSeconds < 20, 'in-flight rows need 10 s'],
    [rule?.onExitCodes?.values.join() !== final.join(), `exit codes that are final: ${final.join(', ')}`],
    [secondsOfRetries(limit) < 4 * 3600, 'an outage of four hours uses up all tries'],
    [cron.spec.startingDeadlineSeconds < 4 * 3600, 'a control plane that is away for four hours skips the night'],
    [missing.length > 0, `no claim ${missing.join()}`],
    [indexed && used.some((name) => modeOf(name) !== 'ReadWriteMany'), 'indexes on two nodes need ReadWriteMany'],
    [!indexed && modeOf('leavers-reports') !== 'ReadWriteOncePod', 'a second pod can mount the reports'],
  ];
  return wrong.filter(([isWrong]) => isWrong).map(([, problem]) => problem);
}
