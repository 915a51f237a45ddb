// The directory in a v2 path: `-` stands for all on reads, writes need a real one. Also the list of directories.
import type { Hono } from 'hono';
import { z } from 'zod';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { param, type RouteContext, type Env } from '../http/request.ts';

/** The id of a directory that is there, or `-`. Throws Refusal. */
export function readDirectory(c: RouteContext): string {
  const id = param(c, 'directory');
  if (id === '-' || c.env.truth.state.directories.some((directory) => directory.id === id)) return id;
  throw new ApiError('directory', `Directory ${id} not found`);
}

/** The id of a directory that is there. Throws Refusal. */
export function writeDirectory(c: RouteContext): string {
  const id = readDirectory(c);
  if (id === '-') throw new ApiError('directory', 'A change needs the id of a directory; - is for reads');
  return id;
}

const limits = z.coerce.number().int().min(1).max(100).default(20);

/** The cursor and the page size of a list that is read with GET; 20 entries a page unless `limit` says otherwise. Throws Refusal. */
export function pageOf(c: RouteContext): { readonly cursor: string | undefined; readonly limit: number } {
  const limit = limits.safeParse(c.req.query('limit'));
  if (!limit.success) throw new ApiError('parameter', 'limit: a number from 1 to 100 is needed');
  return { cursor: c.req.query('cursor'), limit: limit.data };
}

/** Adds the list of directories to an app whose paths start at `/v2`. */
export function serveDirectories(app: Hono<Env>): void {
  app.get('/v2/orgs/:org/directories', (c) => {
    const data = c.env.truth.state.directories.map(({ id, name }) => ({
      directoryId: id,
      name,
      icon: `https://icons.example.com/${id}`,
    }));
    const { cursor, limit } = pageOf(c);
    const { items, next } = page(data, { cursor, limit, list: 'v2-directories' });
    return c.json({ data: items, links: next === undefined ? {} : { next } });
  });
}
