import { Type } from 'typebox';
import type { User } from '#catalog';
import type { App } from '../app.ts';
import { callerOf } from '../people/caller.ts';
import type { People } from '../people/people.ts';
import { failures } from '../schemas.ts';
import {
  DisplayName,
  IdParams,
  NoQuery,
  RoleName,
  SessionListBody,
  showSessions,
  showUser,
  UserBody,
  UserName,
} from './people-schemas.ts';
import { requestOrigin } from './request-origin.ts';

/** How long an invitation is good, in milliseconds. */
const invitationMs = 7 * 86_400_000;
const pageMax = 200;

const LinkBody = Type.Object({
  user: UserBody,
  link: Type.String({ description: 'Shown this once, works once, for seven days: give it to the person.' }),
});

/** `/users`: who may sign in. */
export function addUserRoutes(app: App, people: People, publicUrl: string | undefined): void {
  addUserListRoutes(app, people, publicUrl);
  addUserRoute(app, people);
  addUserHelpRoutes(app, people, publicUrl);
}

function addUserListRoutes(app: App, { catalog }: People, publicUrl: string | undefined): void {
  app.get(
    '/users',
    {
      schema: {
        tags: ['people'],
        summary: 'Users, by name.',
        querystring: Type.Object(
          {
            search: Type.Optional(Type.String({ maxLength: 256 })),
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: 100 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ users: Type.Array(UserBody), total: Type.Integer() }), ...failures },
      },
    },
    async (request) => {
      const { users, total } = await catalog.users.list(request.query);
      return { users: users.map(showUser), total };
    },
  );

  app.post(
    '/users',
    {
      schema: {
        tags: ['people'],
        summary: 'Makes a user, and a link with which the person chooses a password.',
        body: Type.Object(
          { name: UserName, displayName: Type.Optional(DisplayName), role: RoleName },
          { additionalProperties: false },
        ),
        response: { 200: LinkBody, ...failures },
      },
    },
    async (request) => {
      const { name, displayName = name, role } = request.body;
      const user = await catalog.users.create({ name, displayName, role });
      request.audited = { object: objectOf(user), detail: role };
      const secret = await catalog.invitations.make(user.id, invitationMs);
      return { user: showUser(user), link: linkOf(requestOrigin(request, publicUrl), secret) };
    },
  );
}

function addUserRoute(app: App, { catalog }: People): void {
  app.get(
    '/users/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'One user.',
        params: IdParams,
        querystring: NoQuery,
        response: { 200: UserBody, ...failures },
      },
    },
    async (request) => showUser(await catalog.users.get(request.params.id)),
  );

  app.put(
    '/users/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Changes the shown name or the role of a user, or locks one out: then all sessions end.',
        params: IdParams,
        body: Type.Object(
          {
            displayName: Type.Optional(DisplayName),
            role: Type.Optional(RoleName),
            enabled: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        response: { 200: UserBody, ...failures },
      },
    },
    async (request) => {
      const before = await catalog.users.get(request.params.id);
      request.audited = { object: objectOf(before) };
      const after = await catalog.users.change(before.id, request.body);
      request.audited = { object: objectOf(before), detail: differenceOf(before, after) };
      return showUser(after);
    },
  );

  app.delete(
    '/users/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Removes a user with sessions, tokens and own searches; shared searches stay.',
        params: IdParams,
        response: { 200: UserBody, ...failures },
      },
    },
    async (request) => showUser(await catalog.users.remove(request.params.id)),
  );
}

function addUserHelpRoutes(app: App, people: People, publicUrl: string | undefined): void {
  const { catalog, sessions } = people;

  app.post(
    '/users/:id/invitation',
    {
      schema: {
        tags: ['people'],
        summary: 'Makes another link with which the person chooses a new password; the one before no longer works.',
        params: IdParams,
        response: { 200: LinkBody, ...failures },
      },
    },
    async (request) => {
      const user = await catalog.users.get(request.params.id);
      request.audited = { object: objectOf(user) };
      const secret = await catalog.invitations.make(user.id, invitationMs);
      return { user: showUser(user), link: linkOf(requestOrigin(request, publicUrl), secret) };
    },
  );

  app.delete(
    '/users/:id/second-factor',
    {
      schema: {
        tags: ['people'],
        summary: 'Takes the second factor of somebody who lost it away, with all sessions.',
        params: IdParams,
        response: { 200: UserBody, ...failures },
      },
    },
    async (request) => {
      const { id } = await catalog.users.get(request.params.id);
      await catalog.secondFactors.end(id);
      await sessions.endOthers(id, '');
      return showUser(await catalog.users.get(id));
    },
  );

  app.get(
    '/users/:id/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'Sessions of a user; `access-token` names those of the access token.',
        params: IdParams,
        querystring: NoQuery,
        response: { 200: SessionListBody, ...failures },
      },
    },
    async (request) => showSessions(await sessions.list(request.params.id), callerOf(request).sessionId),
  );

  app.delete(
    '/users/:id/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'Ends all sessions of a user, but the one that asks.',
        params: IdParams,
        response: { 200: Type.Object({ ended: Type.Integer() }), ...failures },
      },
    },
    async (request) => ({
      ended: await sessions.endOthers(request.params.id, callerOf(request).sessionId ?? ''),
    }),
  );
}

/** Behind the #, so that it reaches no log of a server or a proxy. */
function linkOf(origin: string, secret: string): string {
  return `${origin}/welcome#${secret}`;
}

function objectOf({ id, name }: User): string {
  return `${name} (${id})`;
}

function differenceOf(before: User, after: User): string {
  const parts: string[] = [];
  if (before.role !== after.role) parts.push(`role ${before.role} to ${after.role}`);
  if (before.enabled !== after.enabled) parts.push(after.enabled ? 'let in again' : 'locked out');
  if (before.displayName !== after.displayName) parts.push('shown name');
  return parts.join(', ');
}
