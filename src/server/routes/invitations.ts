import { Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import type { People } from '../people/people.ts';
import { failures } from '../schemas.ts';
import { refuseForeign } from '../session-cookie.ts';
import { DisplayName, PasswordText, UserName } from './people-schemas.ts';

const Secret = Type.String({ minLength: 1, maxLength: 64, description: 'What stands behind # in the link.' });

/** `/invitation`: links that work once, for the first administrator and for everybody who is to choose a password. */
export function addInvitationRoutes(app: App, people: People): void {
  const { catalog, attempts, passwords } = people;

  /** A wrong secret counts as a wrong token does: guessing is hopeless, and noise is bounded. */
  async function counted<T>(address: string, work: () => Promise<T>): Promise<T> {
    const wait = attempts.waitSeconds(address);
    if (wait > 0) throw new AppError('attempts-exceeded', `Too many attempts failed; wait ${wait} seconds.`);
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'invitation-unknown') attempts.fail(address);
      throw thrown;
    }
  }

  app.post(
    '/invitation/look',
    {
      schema: {
        tags: ['people'],
        summary: 'What a link is for.',
        security: [],
        body: Type.Object({ secret: Secret }, { additionalProperties: false }),
        response: {
          200: Type.Object({
            purpose: Type.String({ description: '`first-run` or `password`.' }),
            name: Type.Optional(Type.String()),
            displayName: Type.Optional(Type.String()),
            expiresAt: Type.Number({ description: 'Epoch milliseconds.' }),
          }),
          ...failures,
        },
      },
    },
    async (request) => {
      refuseForeign(request);
      const { purpose, user, expiresAt } = await counted(request.ip, () =>
        catalog.invitations.look(request.body.secret),
      );
      return {
        purpose,
        expiresAt,
        ...(user === undefined ? {} : { name: user.name, displayName: user.displayName }),
      };
    },
  );

  app.post(
    '/invitation/accept',
    {
      schema: {
        tags: ['people'],
        summary: 'Uses a link up: makes the first administrator, or sets the password; signs in.',
        description: 'An account with a second factor is not signed in by its link.',
        security: [],
        body: Type.Object(
          {
            secret: Secret,
            name: Type.Optional(UserName),
            displayName: Type.Optional(DisplayName),
            password: PasswordText,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ endsAt: Type.Optional(Type.Number()) }), ...failures },
      },
    },
    async (request, reply) => {
      refuseForeign(request);
      const { secret, name, displayName, password } = request.body;
      const { user: invited, purpose } = await counted(request.ip, () => catalog.invitations.look(secret));
      const called = invited?.name ?? name;
      if (called === undefined) throw nameMissing();
      request.audited = { actorId: invited?.id, actor: called, object: called, detail: purpose };
      const passwordHash = await passwords.hash(password, called);
      const acceptance = { secret, name: called, displayName: displayName ?? called, passwordHash };
      const user = await catalog.invitations.accept(acceptance);
      request.audited = { ...request.audited, actorId: user.id };
      if (user.hasTotp || !user.enabled) return {};
      return people.begin(request, reply, { userId: user.id, method: 'link' });
    },
  );
}

function nameMissing(): AppError {
  return new AppError('request-invalid', 'The first administrator needs a name.', {
    place: { field: 'name', expected: 'a name to sign in with' },
  });
}
