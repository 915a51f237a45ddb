// Handles the API tokens that a row revokes: they are listed in its `row-sent` line, so that an interrupted run leaves a record of them.
import { shownToken } from '../actions/accounts/account-actions.ts';
import { actions } from '../actions/action-table.ts';
import type { ApiToken } from '../model.ts';
import type { PlannedRecord } from '../plan/verdict.ts';
import { many } from '../text/phrases.ts';
import type { Ending } from './send-state.ts';

/** API tokens that this attempt (`now`) and earlier attempts (`before`) of a row listed before revoking them. */
export interface ListedTokens {
  /** This attempt; undefined when it sent nothing. */
  readonly now: readonly ApiToken[] | undefined;
  /** Earlier attempts. */
  readonly before: readonly ApiToken[];
}

/** Adds the tokens to a result that earlier attempts of the row listed and that no longer exist, or records that their number is unknown. */
export function withEarlierTokens(
  { record, sentBefore = false }: Pick<PlannedRecord, 'record' | 'sentBefore'>,
  ending: Ending,
  { now = [], before }: ListedTokens,
): Ending {
  if (actions[record.action].closes !== 'tokens') return ending;
  const result = (ending.result ?? {}) as { tokens?: readonly object[] };
  const revoked = ending.outcome === 'done' && now.length > 0 ? now.map(shownToken) : (result.tokens ?? []);
  const vanished = before.filter(({ id }) => !now.some((token) => token.id === id));
  const isSettled = ending.outcome === 'done' || ending.outcome === 'already' || now.length > 0;
  if (isSettled && vanished.length > 0) {
    const tokens = [...vanished.map((token) => ({ ...shownToken(token), earlier: true })), ...revoked];
    const words = `${many(vanished.length, 'token was', 'tokens were')} revoked by an earlier attempt of this row`;
    return { ...ending, result: { ...result, tokens }, message: withWords(ending, words) };
  }
  const isUnknown = sentBefore && before.length === 0 && (ending.outcome === 'done' || ending.outcome === 'failed');
  if (!isUnknown) return revoked.length === 0 ? ending : { ...ending, result: { ...result, tokens: revoked } };
  const words = 'an earlier attempt of this row stopped halfway; it is unknown how many tokens it revoked';
  return { ...ending, result: { ...result, tokens: revoked, earlierUnknown: true }, message: withWords(ending, words) };
}

function withWords({ message }: Ending, words: string): string {
  return message === undefined ? words : `${message}; ${words}`;
}
