// queryOf(): the filters of a list that is read with GET, as the published specification defines them.
import { z } from 'zod';
import { ApiError } from './api-errors.ts';
import type { RouteContext } from './request.ts';

/** Parameters with one value; all others are lists, one value each time the name appears. */
const single: ReadonlySet<string> = new Set(['cursor', 'limit', 'claimStatus', 'searchTerm', 'mfaEnabled']);

/** The parameters that the schema names; others are ignored, as observed. Throws ApiError. */
export function queryOf<Shape extends z.ZodRawShape>(c: RouteContext, shape: Shape): z.output<z.ZodObject<Shape>> {
  const parameters = Object.keys(shape).flatMap((name) => {
    const values = c.req.queries(name);
    return values === undefined ? [] : [[name, single.has(name) ? values[0] : values] as const];
  });
  const parsed = z.object(shape).safeParse(Object.fromEntries(parameters));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError('parameter', `${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'not readable'}`);
}

/** A filter of at most `most` values; the maxima are those of the published specification. */
export const listOf = (max: number) => z.array(z.string()).min(1).max(max).exactOptional();
/** A filter of at most `most` of these values. */
export const choiceOf = (max: number, values: readonly string[]) =>
  z.array(z.enum(values)).min(1).max(max).exactOptional();
/** The page of a list that is read with GET. */
export const pageQuery = {
  cursor: z.string().exactOptional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};
