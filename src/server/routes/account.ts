import { Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { callerOf, personOf } from '../people/caller.ts';
import type { People } from '../people/people.ts';
import { failures } from '../schemas.ts';
import {
  DisplayName,
  IdParams,
  NoQuery,
  Nothing,
  PasswordText,
  SessionListBody,
  showSessions,
  showUser,
  UserBody,
} from './people-schemas.ts';

const AccountBody = Type.Object({ user: UserBody, recoveryCodesLeft: Type.Integer() });

/** `/account`: one's own name, password and sessions. */
export function addAccountRoutes(app: App, people: People): void {
  const { catalog, sessions, signIn, passwords } = people;

  app.get(
    '/account',
    {
      schema: {
        tags: ['people'],
        summary: 'The account of the caller; the access token has none.',
        querystring: NoQuery,
        response: { 200: AccountBody, ...failures },
      },
    },
    async (request) => {
      const id = personOf(request);
      return {
        user: showUser(await catalog.users.get(id)),
        recoveryCodesLeft: await catalog.secondFactors.recoveryCodesLeft(id),
      };
    },
  );

  app.put(
    '/account',
    {
      schema: {
        tags: ['people'],
        summary: 'Changes the name one is shown with.',
        body: Type.Object({ displayName: DisplayName }, { additionalProperties: false }),
        response: { 200: UserBody, ...failures },
      },
    },
    async (request) => showUser(await catalog.users.change(personOf(request), request.body)),
  );

  app.post(
    '/account/password',
    {
      schema: {
        tags: ['people'],
        summary: 'Changes the password; all other sessions end.',
        body: Type.Object({ current: PasswordText, next: PasswordText }, { additionalProperties: false }),
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      const id = personOf(request);
      const { current, next } = request.body;
      const { user } = await signIn.confirmPassword(id, current);
      await catalog.users.setPassword(id, await passwords.hash(next, user.name), callerOf(request).sessionId);
      return {};
    },
  );

  app.get(
    '/account/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'One’s own sessions, newest use first.',
        querystring: NoQuery,
        response: { 200: SessionListBody, ...failures },
      },
    },
    async (request) => {
      const { id, sessionId } = callerOf(request);
      return showSessions(await sessions.list(id), sessionId);
    },
  );

  app.delete(
    '/account/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'Ends all of one’s own sessions but the one that asks.',
        response: { 200: Type.Object({ ended: Type.Integer() }), ...failures },
      },
    },
    async (request) => {
      const { id, sessionId = '' } = callerOf(request);
      const ended = await sessions.endOthers(id, sessionId);
      request.audited = { object: 'all others', detail: String(ended) };
      return { ended };
    },
  );

  app.delete(
    '/account/sessions/:id',
    {
      schema: {
        tags: ['people'],
        summary: 'Ends one of one’s own sessions.',
        params: IdParams,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      if (await sessions.end(request.params.id, callerOf(request).id)) return {};
      throw new AppError('session-other-unknown', 'There is no such session.');
    },
  );
}
