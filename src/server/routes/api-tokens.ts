import { Type } from 'typebox';
import { roles } from '#catalog';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { type Caller, callerOf } from '../people/caller.ts';
import type { People } from '../people/people.ts';
import { isPermission, permissionNames, permissions, permissionsOf, scopes } from '../people/permissions.ts';
import { failures } from '../schemas.ts';
import { DisplayName, IdParams, NoQuery, showToken, TokenBody, TokenListBody } from './people-schemas.ts';

const dayMs = 86_400_000;
const daysMax = 366;

const NewToken = Type.Object(
  {
    name: Type.String({ ...DisplayName, minLength: 1, description: 'What it is for.' }),
    scopes: Type.Array(Type.String({ maxLength: 64 }), {
      minItems: 1,
      maxItems: 64,
      description: 'What it may be used for; never more than its owner may do.',
    }),
    days: Type.Integer({ minimum: 1, maximum: daysMax, description: 'How long it is good.' }),
  },
  { additionalProperties: false },
);

/** `/account/tokens`, `/tokens` and `/roles`: API tokens, and what they and people may do. */
export function addApiTokenRoutes(app: App, { catalog }: People): void {
  const { apiTokens } = catalog;

  app.get(
    '/account/tokens',
    {
      schema: {
        tags: ['people'],
        summary: 'One’s own API tokens, without their texts.',
        querystring: NoQuery,
        response: { 200: TokenListBody, ...failures },
      },
    },
    async (request) => ({ tokens: (await apiTokens.list(callerOf(request).id)).map(showToken) }),
  );

  app.post(
    '/account/tokens',
    {
      schema: {
        tags: ['people'],
        summary: 'Makes an API token. Its text is shown this once.',
        body: NewToken,
        response: { 200: Type.Object({ token: TokenBody, text: Type.String() }), ...failures },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { name, scopes: wanted, days } = request.body;
      refuseWider(wanted, caller);
      const { token, text } = await apiTokens.make({ userId: caller.id, name, scopes: wanted, lifeMs: days * dayMs });
      request.audited = { object: `${name} (${token.id})`, detail: `${token.scopes.join(' ')}; ${days} days` };
      return { token: showToken(token), text };
    },
  );

  app.delete(
    '/account/tokens/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Revokes one of one’s own API tokens, at once.',
        params: IdParams,
        response: { 200: TokenBody, ...failures },
      },
    },
    async (request) => showToken(await apiTokens.revoke(request.params.id, callerOf(request).id)),
  );

  app.get(
    '/tokens',
    {
      schema: {
        tags: ['people'],
        summary: 'API tokens of everybody, newest first, without their texts.',
        querystring: NoQuery,
        response: { 200: TokenListBody, ...failures },
      },
    },
    async () => ({ tokens: (await apiTokens.list()).map(showToken) }),
  );

  app.delete(
    '/tokens/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Revokes an API token of anybody, at once.',
        params: IdParams,
        response: { 200: TokenBody, ...failures },
      },
    },
    async (request) => showToken(await apiTokens.revoke(request.params.id)),
  );

  addRoleRoute(app);
}

function addRoleRoute(app: App): void {
  app.get(
    '/roles',
    {
      schema: {
        tags: ['people'],
        summary: 'Roles, what each may do, and what that means.',
        querystring: NoQuery,
        response: {
          200: Type.Object({
            roles: Type.Array(Type.Object({ role: Type.String(), permissions: Type.Array(Type.String()) })),
            permissions: Type.Array(
              Type.Object({
                permission: Type.String(),
                about: Type.String(),
                scope: Type.Boolean({ description: 'Whether an API token may have it.' }),
              }),
            ),
          }),
          ...failures,
        },
      },
    },
    async () => ({
      roles: roles.map((role) => ({ role, permissions: [...permissionsOf(role)] })),
      permissions: permissionNames.map((permission) => ({
        permission,
        about: permissions[permission],
        scope: scopes.includes(permission),
      })),
    }),
  );
}

function refuseWider(wanted: readonly string[], caller: Caller): void {
  const wrong = wanted.find(
    (scope) => !isPermission(scope) || !scopes.includes(scope) || !caller.permissions.has(scope),
  );
  if (wrong === undefined) return;
  throw new AppError('api-token-scope-invalid', 'The token would get a scope that you do not have, or that is none.', {
    place: { field: 'scopes', found: wrong },
  });
}
