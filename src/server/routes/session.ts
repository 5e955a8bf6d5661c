import { type Static, Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { accessTokenId, callerOf } from '../people/caller.ts';
import type { People } from '../people/people.ts';
import { failures } from '../schemas.ts';
import { refuseForeign, sessionCookies, writeSessionCookie } from '../session-cookie.ts';
import { tokenMatcher } from '../token.ts';
import { PasswordText } from './people-schemas.ts';

const EndBody = Type.Object({
  endsAt: Type.Optional(
    Type.Number({ description: 'Epoch milliseconds; absent for requests that bring a token themselves.' }),
  ),
});
const SessionBody = Type.Object({
  endsAt: EndBody.properties.endsAt,
  id: Type.String({ description: 'Id of the user, or `access-token`.' }),
  name: Type.String(),
  displayName: Type.String(),
  role: Type.Optional(Type.String()),
  permissions: Type.Array(Type.String(), { description: 'What the caller may do; see `/api/v1/roles`.' }),
  via: Type.String({ description: '`session`, `api-token` or `access-token`.' }),
});

const SignInBody = Type.Object(
  {
    token: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'The access token, instead of a name.' }),
    ),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(PasswordText),
    code: Type.Optional(Type.String({ maxLength: 64, description: 'Of the app, or a recovery code.' })),
  },
  { additionalProperties: false },
);

/** `/session`: signing in at the console, and out. */
export function addSessionRoutes(app: App, people: People): void {
  const matches = tokenMatcher(people.token);
  const { sessions, attempts } = people;

  app.post(
    '/session',
    {
      schema: {
        tags: ['people'],
        summary: 'Signs in: name and password, or the access token, for a session cookie (HttpOnly, SameSite=Strict).',
        description:
          'An account with a second factor answers `second-factor-missing` until `code` is sent along with name and password.',
        security: [],
        body: SignInBody,
        response: { 200: EndBody, ...failures },
      },
    },
    async (request, reply) => {
      // Or another site could sign a person in under a session of its own.
      refuseForeign(request);
      const { body } = request;
      if (body.token !== undefined) {
        request.audited = { object: accessTokenId, detail: 'access token' };
        if (!matches(body.token.trim())) throw wrongToken();
        request.audited = { ...request.audited, actorId: accessTokenId, actor: accessTokenId };
        return people.begin(request, reply, {
          userId: accessTokenId,
          method: 'token',
          tokenMark: people.identify.tokenMark,
        });
      }
      const claim = claimOf(body, request.ip);
      const { user, method } = await people.signIn.check(claim, ({ id, name }) => {
        request.audited = { actorId: id, actor: name, object: name };
      });
      request.audited = { ...request.audited, detail: method };
      return people.begin(request, reply, { userId: user.id, method });

      function wrongToken(): AppError {
        const waitSeconds = attempts.fail(request.ip);
        if (waitSeconds === 0) return new AppError('token-wrong', 'The token is not the one of this server.');
        reply.header('retry-after', waitSeconds);
        return new AppError(
          'attempts-exceeded',
          `Too many wrong tokens came from this address; wait ${waitSeconds} seconds.`,
        );
      }
    },
  );

  app.get(
    '/session',
    {
      schema: {
        tags: ['people'],
        summary: 'Who the caller is, what that allows, and until when.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: SessionBody, ...failures },
      },
    },
    async (request) => {
      const { id, name, displayName, role, permissions, via, endsAt } = callerOf(request);
      return {
        id,
        name,
        displayName,
        permissions: [...permissions],
        via,
        ...(role === undefined ? {} : { role }),
        ...(endsAt === undefined ? {} : { endsAt }),
      };
    },
  );

  app.delete(
    '/session',
    {
      schema: { tags: ['people'], summary: 'Signs out.', security: [], response: { 200: EndBody, ...failures } },
    },
    async (request, reply) => {
      refuseForeign(request);
      for (const cookie of sessionCookies(request)) {
        const found = await sessions.find(cookie, false);
        if (found !== undefined) await sessions.end(found.session.id, found.session.userId);
      }
      reply.header('set-cookie', writeSessionCookie(request, '', 0));
      return {};
    },
  );
}

function claimOf(
  { name, password, code }: Static<typeof SignInBody>,
  address: string,
): { name: string; password: string; code: string | undefined; address: string } {
  if (name === undefined || password === undefined) {
    throw new AppError('request-invalid', 'Signing in takes name and password, or the access token.', {
      place: { expected: 'name and password, or token' },
    });
  }
  return { name, password, code, address };
}
