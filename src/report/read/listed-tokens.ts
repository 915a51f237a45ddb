// ListedTokens: the API tokens that unfinished rows of a report listed and may have revoked.
import type { ApiToken } from '../../model.ts';
import type { RowLine, RowSent } from '../events.ts';

export class ListedTokens {
  /** By key of the row, then by id. */
  readonly #rows = new Map<string, Map<string, ApiToken>>();
  /** Ids that the last attempt was the first to list, by key of the row. */
  readonly #fresh = new Map<string, readonly string[]>();

  /** Tokens of the row that are not known to have survived its attempts. */
  of(key: string): readonly ApiToken[] {
    return [...(this.#rows.get(key)?.values() ?? [])];
  }

  sent({ key, listed }: RowSent): void {
    if (listed === undefined) return;
    const known = this.#rows.get(key) ?? new Map<string, ApiToken>();
    this.#fresh.set(
      key,
      listed.map(({ id }) => id).filter((id) => !known.has(id)),
    );
    for (const token of listed) known.set(token.id, token);
    this.#rows.set(key, known);
  }

  /** The last attempt sent nothing. */
  unsent(key: string): void {
    this.#keep(key, []);
  }

  ended({ key, outcome, ambiguous, result }: RowLine): void {
    if (outcome === 'done' || outcome === 'already') this.#rows.delete(key);
    else if (outcome === 'failed' && !ambiguous) this.#keep(key, tokensIn(result));
    this.#fresh.delete(key);
  }

  /** Of the tokens that the last attempt was the first to list, only the revoked ones stay. */
  #keep(key: string, revoked: readonly ShownToken[]): void {
    const known = this.#rows.get(key);
    for (const id of this.#fresh.get(key) ?? []) {
      const token = known?.get(id);
      if (!revoked.some((shown) => shown?.label === token?.label && shown?.createdAt === token?.createdAt))
        known?.delete(id);
    }
    this.#fresh.delete(key);
  }
}

/** A token in a row's `result`, which has no id and whose type is not checked elsewhere. */
type ShownToken = { readonly label?: unknown; readonly createdAt?: unknown } | null;

function tokensIn(result: unknown): readonly ShownToken[] {
  const { tokens } = (result ?? {}) as { tokens?: unknown };
  return Array.isArray(tokens) ? (tokens as ShownToken[]) : [];
}
