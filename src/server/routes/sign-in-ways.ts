import { Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import type { OpenId } from '../people/open-id.ts';
import type { People } from '../people/people.ts';
import { providerUser } from '../people/provider-user.ts';
import { failures } from '../schemas.ts';
import { refuseForeign } from '../session-cookie.ts';
import { NoQuery } from './people-schemas.ts';
import { type RequestOrigin, requestOrigin } from './request-origin.ts';

/** Page of the console that a provider sends the browser back to. */
const returnPage = '/sign-in/return';

const WaysBody = Type.Object({
  firstRun: Type.Boolean({
    description: 'There is no user yet: the link that "meridian serve" prints makes the first.',
  }),
  provider: Type.Optional(Type.String({ description: 'Name of the provider of identities.' })),
});

/** `/session/ways` and `/session/provider`: what one can sign in with, and signing in at a provider of identities. */
export function addSignInWayRoutes(app: App, people: People, publicUrl: string | undefined): void {
  const { catalog, openId } = people;

  app.get(
    '/session/ways',
    {
      schema: {
        tags: ['people'],
        summary: 'What one can sign in with.',
        security: [],
        querystring: NoQuery,
        response: { 200: WaysBody, ...failures },
      },
    },
    async () => ({
      firstRun: (await catalog.users.count()) === 0,
      ...(openId === undefined ? {} : { provider: openId.name }),
    }),
  );

  app.post(
    '/session/provider',
    {
      schema: {
        tags: ['people'],
        summary: 'Begins to sign in at the provider of identities.',
        description: 'The browser goes to `url`, and keeps `binding` to itself until it is back.',
        security: [],
        response: { 200: Type.Object({ url: Type.String(), binding: Type.String() }), ...failures },
      },
    },
    async (request) => {
      refuseForeign(request);
      return provider(openId).begin(redirectOf(request, publicUrl));
    },
  );

  app.post(
    '/session/provider/return',
    {
      schema: {
        tags: ['people'],
        summary: 'Ends signing in at the provider of identities, for a session cookie.',
        security: [],
        body: Type.Object(
          {
            search: Type.String({
              maxLength: 8_192,
              description: 'What the provider put behind the address of the page.',
            }),
            binding: Type.String({ maxLength: 64 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ endsAt: Type.Number() }), ...failures },
      },
    },
    async (request, reply) => {
      refuseForeign(request);
      const { search, binding } = request.body;
      request.audited = { detail: 'provider' };
      const person = await provider(openId).finish(redirectOf(request, publicUrl), search, binding);
      const user = await providerUser(catalog, person);
      request.audited = { actorId: user.id, actor: user.name, object: user.name, detail: `provider, ${user.role}` };
      return people.begin(request, reply, { userId: user.id, method: 'provider' });
    },
  );
}

function provider(openId: OpenId | undefined): OpenId {
  if (openId !== undefined) return openId;
  throw new AppError('provider-absent', 'No provider of identities is configured.');
}

function redirectOf(request: RequestOrigin, publicUrl: string | undefined): string {
  return `${requestOrigin(request, publicUrl)}${returnPage}`;
}
