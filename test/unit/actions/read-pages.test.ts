// Paged lists: which cursors are followed, and which lists count as not read.
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/actions/action.ts';
import { IncompleteList, maxEmptyPages, maxPages, readPages } from '../../../src/actions/read-pages.ts';

interface Body {
  readonly data: readonly unknown[];
  readonly links?: object;
  readonly meta?: object;
}

/** Reads a list whose nth answer, from 0, is `bodyAt(n)`. Returns the cursors that were asked for. */
function read(bodyAt: (n: number) => Body): (string | undefined)[] {
  const asked: (string | undefined)[] = [];
  const request = (cursor: string | undefined): ApiRequest => {
    asked.push(cursor);
    return { method: 'GET', path: ['list'], retry: 'read' };
  };
  const steps = readPages(request, ({ body }) => (body as Body).data);
  for (let step = steps.next(), n = 0; !step.done; n += 1) step = steps.next({ status: 200, body: bodyAt(n) });
  return asked;
}

const lastOf = (...bodies: readonly Body[]) => read((n) => bodies[n] ?? { data: ['last'] });

describe('the next page', () => {
  it.each<[string, Omit<Body, 'data'>]>([
    ['a bare token in links.next', { links: { next: 'c/2+x==' } }],
    ['an address in links.next', { links: { next: 'https://api.example.com/v1/orgs?a=1&cursor=c%2F2%2Bx%3D%3D' } }],
    ['the end of an address', { links: { next: '/v1/orgs?cursor=c%2F2%2Bx%3D%3D' } }],
    ['a token in meta.next', { meta: { next: 'c/2+x==', page_size: 1 } }],
    ['a token in meta.next beside empty links', { links: { next: null }, meta: { next: 'c/2+x==' } }],
  ])('is asked for by the cursor of %s', (_, next) => {
    expect(lastOf({ data: [1], ...next })).toEqual([undefined, 'c/2+x==']);
  });

  it.each<[string, Omit<Body, 'data'>]>([
    ['no links', {}],
    ['links without a cursor', { links: {} }],
    ['an empty cursor', { links: { next: '' }, meta: { total: 3 } }],
    ['null', { links: { next: null }, meta: { next: null } }],
  ])('does not exist after %s', (_, next) => {
    expect(lastOf({ data: [1], ...next })).toEqual([undefined]);
  });

  it('may follow a few empty pages', () => {
    const asked = read((n) => (n < maxEmptyPages - 1 ? { data: [], links: { next: `c${n}` } } : { data: ['last'] }));
    expect(asked).toHaveLength(maxEmptyPages);
  });
});

describe('a list is not read completely', () => {
  it.each<[string, (n: number) => Body]>([
    ['its cursor comes back at once', (n) => ({ data: [n], links: { next: 'same' } })],
    ['an earlier cursor comes back', (n) => ({ data: [n], links: { next: `c${n % 3}` } })],
    ['its meta.next comes back', (n) => ({ data: [n], meta: { next: 'same' } })],
    ['the same page comes twice under new cursors', (n) => ({ data: ['ada'], links: { next: `c${n}` } })],
    ['a cursor is no text', () => ({ data: [1], links: { next: { cursor: 'c1' } } })],
    ['an address has no cursor', () => ({ data: [1], links: { next: 'https://api.example.com/v1/orgs?page=2' } })],
  ])('when %s', (_, bodyAt) => {
    expect(() => read(bodyAt)).toThrow(IncompleteList);
  });

  it('when empty pages go on and on', () => {
    let pages = 0;
    expect(() => read((n) => ({ data: [], links: { next: `c${(pages = n)}` } }))).toThrow('pages in a row are empty');
    expect(pages + 1).toBe(maxEmptyPages);
  });

  it('when it has more pages than a list can have', () => {
    let pages = 0;
    expect(() => read((n) => ({ data: [n], links: { next: `c${(pages = n)}` } }))).toThrow(
      `more than ${maxPages} pages`,
    );
    expect(pages + 1).toBe(maxPages);
  });
});
