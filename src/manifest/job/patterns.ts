// compilePattern: the regular expressions of job files. They match in linear time, so that no cell can hang a run.
import { RE2JS } from 're2js';

/** True when the expression matches somewhere in the text, in any case. */
export type Pattern = (text: string) => boolean;

/** The expression compiled, or what is wrong with it. */
export function compilePattern(source: string): Pattern | string {
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return (text) => pattern.matcher(text).find();
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /i, '');
  }
}
