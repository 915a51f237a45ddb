// parseCommandLine: splits a command line into the arguments of a program that is run without a shell.
import { LeaversError } from '../../errors.ts';
import { quote } from '../../text/quote.ts';

/**
 * The words of a command line with single and double quotes. There is no shell, so shell syntax is refused with a
 * reason, and so is a key in place of a command. Throws LeaversError `usage`.
 */
export function parseCommandLine(text: string, where: string): readonly string[] {
  const refuse = (why: string) =>
    new LeaversError('usage', `${where} ${why}; give one like: op read op://vault/atlassian/key`);
  if (/ATCTT3|ATATT3/.test(text)) throw refuse('contains a key; give a command that prints the key');
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [word] = /^(?:[^\s'"]|'[^']*'|"[^"]*")+/.exec(rest) ?? [];
    if (word === undefined) throw refuse('has a quote that is not closed');
    const plain = word.replace(/'[^']*'|"[^"]*"/g, '');
    const special = /[|&;<>$`*()]/.exec(plain)?.[0];
    if (special !== undefined)
      throw refuse(
        `is run without a shell, so ${quote(special)} has no meaning; put it in quotes, or the line into a script`,
      );
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''));
    rest = rest.slice(word.length).trimStart();
  }
  if (words.length === 0) throw refuse('is empty');
  return words;
}
