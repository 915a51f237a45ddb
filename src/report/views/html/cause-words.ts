// Titles of causes, for readers who do not run the program.
import type { Cause } from '../../summary.ts';

/** Reasons, for readers who do not run the program. */
export const reasonWords: Readonly<Record<string, string>> = {
  duplicate: 'the same row came before',
  protected: 'protected by the operators of this tool',
  admin: 'organization admin',
  active: 'still active',
  'not-found': 'not found in the directory',
  blocked: 'depends on a row that did not succeed',
  unmanaged: 'account not managed by the organization',
  mismatch: 'account id and e-mail belong to two people',
};

/** `2 keep their access: organization admin`, `1 failed: HTTP 403 …`. */
export function titleOf({ cause, count, leftOut }: Pick<Cause, 'cause' | 'count' | 'leftOut'>): string {
  const [outcome = '', ...rest] = cause.split(': ');
  const words = rest.join(': ');
  const state = leftOut
    ? count === 1
      ? 'keeps access'
      : 'keep access'
    : outcome === 'unknown'
      ? 'unconfirmed'
      : outcome;
  return `${count.toLocaleString('en')} ${state}: ${reasonWords[words] ?? words}`;
}

/** Advice without the clauses that only help at a terminal. */
export function withoutFlags(advice: string): string {
  const clauses = advice.replaceAll(' with --resume', '').split(/(?<=[;,]) /);
  const plain = clauses.filter((clause) => !/(^|\s)--\w/.test(clause)).join(' ');
  return (plain === '' ? advice : plain).replace(/[;,]$/, '');
}
