// The YAML in jobs/kubernetes against the schemas of Kubernetes and against our own table of exit codes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../../src/errors.ts';
import { root } from '../../support/spawn.ts';

const read = (name: string) =>
  parse(readFileSync(join(root, 'jobs', 'kubernetes', name), 'utf8')) as Record<string, never>;
const cron = read('cronjob.yaml') as unknown as { spec: { jobTemplate: { spec: JobSpec } } };
const indexed = read('indexed-job.yaml') as unknown as { spec: JobSpec };

interface JobSpec {
  readonly podFailurePolicy: {
    readonly rules: readonly { readonly onExitCodes?: { readonly values: readonly number[] } }[];
  };
  readonly template: {
    readonly spec: {
      readonly restartPolicy: string;
      readonly containers: readonly { readonly args: readonly string[] }[];
    };
  };
}

describe('jobs/kubernetes', () => {
  it('the CronJob is one to Kubernetes', () => {
    expect(() => new CronJob(cron as never).validate()).not.toThrow();
  });

  it('the Indexed Job is one to Kubernetes', () => {
    expect(() => new Job(indexed as never).validate()).not.toThrow();
  });

  it('a wrong one is not, so that the two above can fail', () => {
    expect(() => new Job({ ...indexed, spec: { ...indexed.spec, completions: 'three' } } as never).validate()).toThrow(
      /completions/,
    );
  });

  const retried = [
    exitCodes.disk,
    exitCodes.stopped,
    exitCodes.SIGINT,
    exitCodes.SIGTERM,
    exitCodes.ok,
    exitCodes.pending,
  ];
  const final = [...new Set(Object.values(exitCodes))]
    .filter((code) => !(retried as number[]).includes(code))
    .toSorted((a, b) => a - b);

  it.each([
    ['CronJob', cron.spec.jobTemplate.spec],
    ['Indexed Job', indexed.spec],
  ])('the %s gives up on the exit codes that need a person, and on no other', (_, spec) => {
    expect(spec.podFailurePolicy.rules[0]?.onExitCodes?.values).toEqual(final);
    expect(spec.template.spec.restartPolicy).toBe('Never');
  });
});
