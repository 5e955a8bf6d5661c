import { Type } from 'typebox';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { personOf } from '../people/caller.ts';
import type { People } from '../people/people.ts';
import { foldRecoveryCode, makeRecoveryCodes, makeTotpSecret, totpStep, totpUri } from '../people/totp.ts';
import { failures } from '../schemas.ts';
import { Nothing, PasswordText } from './people-schemas.ts';

const Code = Type.String({ minLength: 1, maxLength: 64 });
const CodesBody = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'Shown this once; each works once.' }),
});

/** `/account/second-factor`: codes of an app (RFC 6238), and recovery codes. */
export function addSecondFactorRoutes(app: App, people: People): void {
  const { catalog, signIn, clock } = people;
  const { secondFactors } = catalog;

  app.post(
    '/account/second-factor',
    {
      schema: {
        tags: ['people'],
        summary: 'Gives a secret for an app; it counts once a code of it was confirmed.',
        body: Type.Object({ password: PasswordText }, { additionalProperties: false }),
        response: {
          200: Type.Object({
            secret: Type.String({ description: 'Base32.' }),
            uri: Type.String({ description: 'The same, as an app reads it from a picture.' }),
          }),
          ...failures,
        },
      },
    },
    async (request) => {
      const id = personOf(request);
      const { user } = await signIn.confirmPassword(id, request.body.password);
      const secret = makeTotpSecret();
      if (!(await secondFactors.begin(id, secret))) {
        throw new AppError('second-factor-exists', 'The account has a second factor already.');
      }
      return { secret, uri: totpUri(secret, user.name) };
    },
  );

  app.post(
    '/account/second-factor/confirm',
    {
      schema: {
        tags: ['people'],
        summary: 'Confirms the secret with a code: from now on signing in asks for one. Gives recovery codes.',
        body: Type.Object({ code: Code }, { additionalProperties: false }),
        response: { 200: CodesBody, ...failures },
      },
    },
    async (request) => {
      const id = personOf(request);
      const { totpSecret, user } = await catalog.users.credentials(id);
      if (totpSecret === undefined || user.hasTotp) {
        throw new AppError('second-factor-absent', 'No second factor waits to be confirmed.');
      }
      const step = totpStep(totpSecret, request.body.code, clock());
      if (step === undefined) throw new AppError('second-factor-wrong', 'The code is wrong.');
      const recoveryCodes = makeRecoveryCodes();
      if (!(await secondFactors.confirm(id, step, recoveryCodes.map(foldRecoveryCode)))) {
        throw new AppError('second-factor-absent', 'No second factor waits to be confirmed.');
      }
      return { recoveryCodes: [...recoveryCodes] };
    },
  );

  app.post(
    '/account/second-factor/remove',
    {
      schema: {
        tags: ['people'],
        summary: 'Takes the second factor away.',
        body: Type.Object({ password: PasswordText, code: Code }, { additionalProperties: false }),
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      const id = personOf(request);
      const { password, code } = request.body;
      await signIn.confirmCode(await signIn.confirmPassword(id, password), code);
      await secondFactors.end(id);
      return {};
    },
  );

  app.post(
    '/account/recovery-codes',
    {
      schema: {
        tags: ['people'],
        summary: 'Makes new recovery codes; those before no longer work.',
        body: Type.Object({ code: Code }, { additionalProperties: false }),
        response: { 200: CodesBody, ...failures },
      },
    },
    async (request) => {
      const id = personOf(request);
      const credentials = await catalog.users.credentials(id);
      if (!credentials.user.hasTotp) {
        throw new AppError('second-factor-absent', 'The account has no second factor.');
      }
      await signIn.confirmCode(credentials, request.body.code);
      const recoveryCodes = makeRecoveryCodes();
      await secondFactors.setRecoveryCodes(id, recoveryCodes.map(foldRecoveryCode));
      return { recoveryCodes: [...recoveryCodes] };
    },
  );
}
