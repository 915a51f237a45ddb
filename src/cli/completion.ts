// Renders the completion script for bash, zsh or fish from the command and flag tables. The script is static, so Tab starts no program.
import { exitCodes } from '../errors.ts';
import { type CommandName, commandNames, type Flag, flagsOf } from '../config/flags/flag.ts';
import { parseChoice } from '../config/flags/parse-value.ts';
import { actionNames } from '../model.ts';
import type { Call } from '../commands/command.ts';
import { printData } from '../terminal/output.ts';
import type { CommandTables } from './help.ts';

const shells = { bash: renderBash, zsh: renderZsh, fish: renderFish } as const;

/** Prints the script and returns the exit code. Throws LeaversError `usage` for another shell. */
export async function completion({ args, context }: Call, tables: CommandTables): Promise<number> {
  const shell = parseChoice(['bash', 'zsh', 'fish'])(args.positionals[0] ?? '', 'completion');
  await printData(context.stdout, shells[shell](tables));
  return exitCodes.ok;
}

/** Words that may follow a command. All other commands take files. */
const argsOf: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  template: actionNames,
  completion: Object.keys(shells),
};

/** The allowed values of a flag: actions, or a list such as `auto|v1|v2`. */
function choicesOf({ value = '' }: Flag): readonly string[] {
  if (value === 'ACTION') return actionNames;
  return /^[a-z0-9]+(\|[a-z0-9]+)+$/.test(value) ? value.split('|') : [];
}

function renderBash({ flags }: CommandTables): string {
  const cases = commandNames.map((name) => {
    const names = flagsOf(flags, name).map(([flag]) => `--${flag}`);
    return `    ${name}) words="${names.join(' ')}" ;;`;
  });
  const withChoices = Object.entries(flags).filter(([, flag]) => choicesOf(flag).length > 0);
  const values = withChoices.map(([flag, own]) => `    --${flag}) words="${choicesOf(own).join(' ')}" ;;`);
  const free = Object.entries(flags).filter(
    ([, flag]) => flag.kind !== 'switch' && flag.kind !== 'optional' && choicesOf(flag).length === 0,
  );
  const args = Object.entries(argsOf).map(([name, words]) => `      ${name}) words="${words.join(' ')}" ;;`);
  return `# bash completion for leavers
_leavers() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words="" command="" word
  if [[ $current == = ]]; then current=""; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commandNames.join('|')}) command=$word; break ;; esac
  done
  case $command in
    "") words="${commandNames.join(' ')} help --help --version" ;;
${cases.join('\n')}
  esac
  if [[ -n $command && $current != -* ]]; then
    case $command in
${args.join('\n')}
      *) words="" ;;
    esac
  fi
  case $before in
${values.join('\n')}
    ${free.map(([flag]) => `--${flag}`).join('|')}) words="" ;;
  esac
  # No mapfile: the bash of macOS has none. No word holds a space or a star.
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
}
complete -o bashdefault -o default -F _leavers leavers`;
}

/** Safe inside a description in single quotes of zsh's _arguments. */
const zshText = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

function renderZsh({ commands, flags }: CommandTables): string {
  const listed = commandNames.map((name) => `    '${name}:${zshText(commands[name].summary)}'`);
  const cases = commandNames.map((name) => {
    const specs = flagsOf(flags, name).map(([flag, own]) => `'${zshSpec(flag, own)}'`);
    const words = argsOf[name];
    return `    ${name}) _arguments ${specs.join(' ')} ${words === undefined ? "'*:file:_files'" : `'*:word:(${words.join(' ')})'`} ;;`;
  });
  return `#compdef leavers
_leavers() {
  local -a names
  names=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
    help) _describe command names ;;
  esac
}
compdef _leavers leavers`;
}

function zshSpec(name: string, flag: Flag): string {
  const choices = choicesOf(flag);
  const of = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
  const value = flag.kind === 'switch' ? '' : `:${zshText(flag.value ?? 'value')}:${of}`;
  return `${flag.kind === 'list' ? '*' : ''}--${name}[${zshText(flag.describe)}]${value}`;
}

const fishText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function renderFish({ commands, flags }: CommandTables): string {
  const listed = commandNames.map(
    (name) => `complete -c leavers -f -n __fish_use_subcommand -a ${name} -d ${fishText(commands[name].summary)}`,
  );
  const own = commandNames.flatMap((name) =>
    flagsOf(flags, name).map(([flag, { kind, alias, describe, ...rest }]) => {
      const choices = choicesOf({ kind, describe, ...rest });
      const value = choices.length > 0 ? ` -x -a ${fishText(choices.join(' '))}` : kind === 'switch' ? '' : ' -r';
      const short = alias === undefined ? '' : ` -s ${alias}`;
      return `complete -c leavers -n '__fish_seen_subcommand_from ${name}' -l ${flag}${short}${value} -d ${fishText(describe)}`;
    }),
  );
  const args = Object.entries(argsOf).map(
    ([name, words]) =>
      `complete -c leavers -f -n '__fish_seen_subcommand_from ${name}' -a ${fishText(words.join(' '))}`,
  );
  const help = `complete -c leavers -f -n '__fish_seen_subcommand_from help' -a ${fishText(commandNames.join(' '))}`;
  return ['# fish completion for leavers', ...listed, ...own, ...args, help].join('\n');
}
