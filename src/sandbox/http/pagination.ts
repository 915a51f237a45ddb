// Cursor pages over a list that is in memory. The routes choose the entries and the envelope.
import { ApiError } from './api-errors.ts';

export interface PageRequest {
  readonly cursor: string | undefined;
  readonly limit: number;
  /** Names the list, so that a cursor of another one is refused. */
  readonly list: string;
  /** The list grows at its end, so the last page has a cursor too. */
  readonly grows?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** Throws ApiError for a cursor of another list. */
export function page<T>(items: readonly T[], { cursor, limit, list, grows = false }: PageRequest): Page<T> {
  const from = cursor === undefined ? 0 : offsetIn(cursor, list);
  const pageItems = items.slice(from, from + limit);
  const isLast = from + limit >= items.length && !grows;
  return isLast ? { items: pageItems } : { items: pageItems, next: cursorAt(from + pageItems.length, list) };
}

function cursorAt(offset: number, list: string): string {
  return Buffer.from(`${list} ${offset}`).toString('base64url');
}

function offsetIn(cursor: string, list: string): number {
  const [name, offset = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (name !== list || !/^\d{1,9}$/.test(offset)) throw new ApiError('cursor', 'The cursor is not one of this list');
  return Number(offset);
}
