import { Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import type { Attempts } from '../attempts.ts';
import { type ConsoleSessions, sessionMs } from '../console-sessions.ts';
import { failures } from '../schemas.ts';
import { isFromOwnPage, sessionCookies, writeSessionCookie } from '../session-cookie.ts';
import { tokenMatcher } from '../token.ts';

const SessionBody = Type.Object({
  endsAt: Type.Optional(
    Type.Number({ description: 'Epoch milliseconds; absent for requests that bring the token itself.' }),
  ),
});

/** What the routes need. */
interface SessionParts {
  readonly token: string;
  readonly sessions: ConsoleSessions;
  readonly attempts: Attempts;
}

/** `/session`: signing in at the console, and out. The one place that turns a secret into a session. */
export function addSessionRoutes(app: App, { token, sessions, attempts }: SessionParts): void {
  const matches = tokenMatcher(token);

  app.post(
    '/session',
    {
      config: { access: 'open' },
      schema: {
        tags: ['system'],
        summary: 'Signs in: the access token for a session cookie (HttpOnly, SameSite=Strict).',
        security: [],
        body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 512 }) }, { additionalProperties: false }),
        response: { 200: SessionBody, ...failures },
      },
    },
    async (request, reply) => {
      // Or another site could sign a person in under a session of its own.
      if (!isFromOwnPage(request)) throw foreign();
      if (!matches(request.body.token.trim())) {
        const waitSeconds = attempts.fail(request.ip);
        if (waitSeconds === 0) throw new AppError('token-wrong', 'The token is not the one of this server.');
        reply.header('retry-after', waitSeconds);
        throw new AppError(
          'attempts-exceeded',
          `Too many wrong tokens came from this address; wait ${waitSeconds} seconds.`,
        );
      }
      const { cookie, endsAt } = sessions.begin();
      reply.header('set-cookie', writeSessionCookie(request, cookie, Math.floor(sessionMs / 1_000)));
      return { endsAt };
    },
  );

  app.get(
    '/session',
    {
      schema: {
        tags: ['system'],
        summary: 'Whether the caller is signed in, and until when.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: SessionBody, ...failures },
      },
    },
    async (request) => {
      const ends = sessionCookies(request).flatMap((cookie) => sessions.endOf(cookie) ?? []);
      return ends.length === 0 ? {} : { endsAt: Math.max(...ends) };
    },
  );

  app.delete(
    '/session',
    {
      config: { access: 'open' },
      schema: { tags: ['system'], summary: 'Signs out.', security: [], response: { 200: SessionBody, ...failures } },
    },
    async (request, reply) => {
      if (!isFromOwnPage(request)) throw foreign();
      for (const cookie of sessionCookies(request)) sessions.end(cookie);
      reply.header('set-cookie', writeSessionCookie(request, '', 0));
      return {};
    },
  );
}

function foreign(): AppError {
  return new AppError('origin-foreign', 'The request comes from a page of another origin.');
}
