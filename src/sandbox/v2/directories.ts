// The directory in a v2 path: `-` stands for all on reads, writes need a real one. Also the list of directories.
import type { Hono } from 'hono';
import { z } from 'zod';
import { page } from '../http/pagination.ts';
import { ApiError } from '../http/api-errors.ts';
import { pageQuery, queryOf, listOf } from '../http/query.ts';
import { param, type RouteContext, type Env } from '../http/request.ts';

/** The id of an existing directory, or `-`. Throws ApiError. */
export function readDirectory(c: RouteContext): string {
  const id = param(c, 'directory');
  if (id === '-' || c.env.truth.state.directories.some((directory) => directory.id === id)) return id;
  throw new ApiError('directory', `Directory ${id} not found`);
}

/** The id of an existing directory. Throws ApiError. */
export function writeDirectory(c: RouteContext): string {
  const id = readDirectory(c);
  if (id === '-') throw new ApiError('directory', 'A change needs the id of a directory; - is for reads');
  return id;
}

const wanted = { directoryIds: listOf(10), searchTerm: z.string().exactOptional(), ...pageQuery };

/** Adds the list of directories to an app whose paths start at `/v2`. */
export function serveDirectories(app: Hono<Env>): void {
  app.get('/v2/orgs/:org/directories', (c) => {
    const { cursor, limit, directoryIds, searchTerm } = queryOf(c, wanted);
    const isWanted = (id: string, name: string) =>
      (directoryIds?.includes(id) ?? true) && name.toLowerCase().includes(searchTerm?.toLowerCase() ?? '');
    const shown = c.env.truth.state.directories.filter(({ id, name }) => isWanted(id, name));
    const data = shown.map(({ id, name }) => ({
      directoryId: id,
      name,
      icon: `https://icons.example.com/${id}`,
    }));
    const { items, next } = page(data, { cursor, limit, list: 'v2-directories' });
    return c.json({ data: items, links: next === undefined ? {} : { next } });
  });
}
