// The built program on a terminal of its own, by `script`, which every Linux has: what people see, frame by frame.
import { execFileSync, spawn } from 'node:child_process';
import { quote } from '../../src/commands/next-command.ts';
import { root, stateFolder } from './spawn.ts';

export interface Shown {
  readonly code: number | null;
  /** All that was written, as it came. */
  readonly raw: string;
  /** The same without escapes, a line for each line or redrawing of one. */
  readonly lines: readonly string[];
}

export interface Wanted {
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Typed once the terminal shows the text before it. */
  readonly type?: readonly (readonly [when: string, keys: string])[];
  /** A file that is piped into the program, as by `cat FILE | leavers …`. */
  readonly pipe?: string;
  /** The program gets SIGTERM once the terminal shows this text. */
  readonly terminate?: string;
}

/** Runs the program on a terminal to its end. */
export async function onTerminal(
  args: readonly string[],
  { columns, env = {}, type = [], terminate, pipe }: Wanted,
): Promise<Shown> {
  const door = [process.execPath, `${root}/bin/leavers.cjs`, ...args].map(quote).join(' ');
  const start = pipe === undefined ? `exec ${door}` : `cat ${quote(pipe)} | ${door}`;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('script', ['-qec', `stty cols ${columns} rows 40; ${start}`, '/dev/null'], {
    cwd: root,
    env: {
      PATH,
      HOME,
      XDG_STATE_HOME: stateFolder(),
      XDG_CONFIG_HOME: stateFolder(),
      TERM: 'xterm',
      SHELL: '/bin/sh',
      ...env,
    },
  });
  let raw = '';
  const open = [...type];
  let waits = terminate !== undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    if (waits && raw.includes(terminate ?? '')) {
      waits = false;
      const [program] = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).split('\n');
      process.kill(Number(program), 'SIGTERM');
    }
    const [next] = open;
    if (next === undefined || !raw.includes(next[0])) return;
    open.shift();
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const escape = String.fromCharCode(27);
  const drawn = raw
    .replace(new RegExp(`${escape}\\[[0-9;]*m`, 'g'), '')
    .replace(new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g'), '\r');
  return { code, raw, lines: drawn.split(/[\r\n]+/).filter((line) => line !== '') };
}
