import { type Static, Type } from 'typebox';
import type { Catalog, SavedSearch, SearchContent } from '#catalog';
import type { App } from '../app.ts';
import { callerOf } from '../people/caller.ts';
import { failures } from '../schemas.ts';
import { DisplayName, IdParams, NoQuery } from './people-schemas.ts';

const word = Type.Optional(Type.String({ maxLength: 4_096 }));

/** What the address of Hunt says; what is absent has its default. */
const Words = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 65_536, description: 'QQL.' })),
    from: word,
    to: word,
    zone: word,
    columns: word,
    sort: word,
    density: word,
    by: word,
  },
  { additionalProperties: false },
);

const NewSearch = Type.Object(
  {
    name: Type.String({ ...DisplayName, minLength: 1, maxLength: 128 }),
    description: Type.Optional(Type.String({ maxLength: 1_024 })),
    words: Words,
    shared: Type.Boolean({ description: 'Everybody sees it; only its owner changes it.' }),
  },
  { additionalProperties: false },
);

const SearchBody = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  words: Type.Record(Type.String(), Type.String()),
  shared: Type.Boolean(),
  owner: Type.String(),
  own: Type.Boolean({ description: 'Whether it is the caller’s.' }),
  createdAt: Type.Number({ description: 'Epoch milliseconds.' }),
  updatedAt: Type.Number({ description: 'Epoch milliseconds.' }),
});

/** `/searches`: searches people keep, for themselves or for all. */
export function addSavedSearchRoutes(app: App, { catalog }: { readonly catalog: Catalog }): void {
  const { searches } = catalog;

  app.get(
    '/searches',
    {
      schema: {
        tags: ['people'],
        summary: 'One’s own saved searches, and those others share, by name.',
        querystring: NoQuery,
        response: { 200: Type.Object({ searches: Type.Array(SearchBody) }), ...failures },
      },
    },
    async (request) => {
      const { id } = callerOf(request);
      return { searches: (await searches.list(id)).map((one) => showSearch(one, id)) };
    },
  );

  app.post(
    '/searches',
    {
      schema: {
        tags: ['people'],
        summary: 'Saves a search.',
        body: NewSearch,
        response: { 200: SearchBody, ...failures },
      },
    },
    async (request) => {
      const { id, name } = callerOf(request);
      return showSearch(await searches.create({ id, name }, contentOf(request.body)), id);
    },
  );

  app.get(
    '/searches/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'One saved search.',
        params: IdParams,
        querystring: NoQuery,
        response: { 200: SearchBody, ...failures },
      },
    },
    async (request) => {
      const { id } = callerOf(request);
      return showSearch(await searches.get(request.params.id, id), id);
    },
  );

  app.put(
    '/searches/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Changes one of one’s own saved searches.',
        params: IdParams,
        body: NewSearch,
        response: { 200: SearchBody, ...failures },
      },
    },
    async (request) => {
      const { id } = callerOf(request);
      return showSearch(await searches.change(request.params.id, id, contentOf(request.body)), id);
    },
  );

  app.delete(
    '/searches/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Removes one of one’s own saved searches; administrators also one that another shares.',
        params: IdParams,
        response: { 200: SearchBody, ...failures },
      },
    },
    async (request) => {
      const { id, permissions } = callerOf(request);
      return showSearch(await searches.remove(request.params.id, id, permissions.has('users:write')), id);
    },
  );
}

function contentOf({ name, description = '', words, shared }: Static<typeof NewSearch>): SearchContent {
  const kept = Object.entries(words).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return { name: name.trim(), description, words: Object.fromEntries(kept), shared };
}

function showSearch(search: SavedSearch, callerId: string): Static<typeof SearchBody> {
  const { id, name, description, words, shared, owner, ownerId, createdAt, updatedAt } = search;
  const own = ownerId === callerId;
  return { id, name, description, words: { ...words }, shared, owner, own, createdAt, updatedAt };
}
