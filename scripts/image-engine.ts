// The engine of the image test: docker or podman, the base images that it has, and a sentence where something is missing.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Why the image can't be tested on this machine. */
export class Missing extends Error {}

/** How long a registry may take to answer or to send an image, in ms. */
const pullMs = 300_000;
/** What a root without CAP_SYS_RESOURCE may still set. */
export const ulimits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

/** Runs a program in a folder that it may litter. */
export function call(program: string, args: readonly string[], timeout = 0): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: tmpdir(), maxBuffer: 1 << 26, timeout }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: stdout + stderr });
    });
  });
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

/** Throws Missing. */
export function findEngine(): string {
  if (process.getuid?.() !== 0) throw new Missing('folders for other users need root');
  const engine = ['docker', 'podman'].find((name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0);
  if (engine === undefined) throw new Missing('neither docker nor podman answers here');
  return engine;
}

/**
 * What the build needs besides the Dockerfile: local images of the same tags where the pinned ones can't be had, and the registry settings
 * and certificate of this machine as secrets, which stay out of the image. Throws Missing.
 */
export async function buildWords(engine: string, root: string, given: readonly string[]): Promise<string[]> {
  const words: string[] = [];
  const bake = readFileSync(join(root, 'docker-bake.hcl'), 'utf8');
  for (const [, name = '', image = ''] of bake.matchAll(/^ +(\w+_IMAGE) += "(\S+)"$/gm)) {
    if (given.some((word) => word.startsWith(`${name}=`))) continue;
    const found = await localImage(engine, image);
    words.push('--build-arg', `${name}=${found}`);
    if (name === 'RUN_IMAGE') await startOnce(engine, found);
  }
  const { NODE_EXTRA_CA_CERTS: ca } = process.env;
  const npmrc = join(homedir(), '.npmrc');
  if (ca !== undefined) words.push('--secret', `id=ca,src=${ca}`);
  if (existsSync(npmrc)) words.push('--secret', `id=npmrc,src=${npmrc}`);
  if (engine === 'podman') words.push('--timestamp', '0', ...ulimits);
  else words.push('--build-arg', 'SOURCE_DATE_EPOCH=0');
  return words;
}

/** The pinned image, pulled if need be, or the local image of its tag. */
async function localImage(engine: string, image: string): Promise<string> {
  const isHere = async (name: string) => (await call(engine, ['image', 'inspect', name])).code === 0;
  if (await isHere(image)) return image;
  const pulled = await call(engine, ['pull', '--quiet', image], pullMs);
  if (pulled.code === 0) return image;
  const [tag = image] = image.split('@');
  if (!(await isHere(tag))) throw new Missing(`${image} can't be pulled: ${lastLine(pulled.text)}`);
  console.log(`${tag} is the local image of that tag: the pinned one can't be pulled (${lastLine(pulled.text)})`);
  return tag;
}

/** The base image itself must start, so that a container that does not is the fault of our image. */
async function startOnce(engine: string, image: string): Promise<void> {
  const { code, text } = await call(engine, ['run', '--rm', ...ulimits, '--memory', '256m', image, '--version']);
  if (code !== 0) throw new Missing(`${engine} can't start a container here: ${lastLine(text)}`);
}
