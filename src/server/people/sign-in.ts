import type { Catalog, Credentials, SignInMethod, User } from '#catalog';
import { AppError } from '#error';
import { type Attempts, createAttempts } from '../attempts.ts';
import type { Passwords } from './password.ts';
import { foldRecoveryCode, totpStep } from './totp.ts';

/** Somebody who says who they are. */
export interface Claim {
  readonly name: string;
  readonly password: string;
  /** Of the app, or a recovery code. */
  readonly code: string | undefined;
  readonly address: string;
}

/** Lets people in who prove who they are. */
export interface SignIn {
  /**
   * Throws `sign-in-wrong`, `second-factor-missing`, `second-factor-wrong`, `attempts-exceeded`. `known` is told whose
   * account it is about, as soon as there is one.
   */
  check(claim: Claim, known: (user: User) => void): Promise<{ readonly user: User; readonly method: SignInMethod }>;
  /** Checks the password of somebody who is in already. Throws `password-wrong`, `attempts-exceeded`. */
  confirmPassword(userId: string, password: string): Promise<Credentials>;
  /** Checks a code of somebody who is in already, and uses it up. Throws `second-factor-wrong`, `attempts-exceeded`. */
  confirmCode(credentials: Credentials, code: string): Promise<'code' | 'recovery code'>;
}

/** What signing in needs. */
interface SignInParts {
  readonly catalog: Catalog;
  readonly passwords: Passwords;
  /** Failures per address. */
  readonly attempts: Attempts;
  readonly clock: () => number;
}

/** Wrong passwords and codes for one account, from wherever: guessing a code of six digits must take years. */
const accountAttempts = 10;
const accountWindowMs = 15 * 60_000;

/** See {@link SignIn}. Whether a name exists cannot be told from the answer, nor from the time it takes. */
export function createSignIn({ catalog, passwords, attempts, clock }: SignInParts): SignIn {
  const accounts = createAttempts(accountAttempts, accountWindowMs, clock);

  function refuseTired(account: string, address?: string): void {
    const wait = Math.max(accounts.waitSeconds(account), address === undefined ? 0 : attempts.waitSeconds(address));
    if (wait > 0) throw new AppError('attempts-exceeded', `Too many attempts failed; wait ${wait} seconds.`);
  }

  function wrong(account: string, error: AppError, address?: string): AppError {
    accounts.fail(account);
    if (address !== undefined) attempts.fail(address);
    return error;
  }

  async function takeCode(
    { user, totpSecret }: Credentials,
    code: string,
  ): Promise<'code' | 'recovery code' | undefined> {
    const step = totpSecret === undefined ? undefined : totpStep(totpSecret, code, clock());
    if (step !== undefined) return (await catalog.secondFactors.takeStep(user.id, step)) ? 'code' : undefined;
    const taken = await catalog.secondFactors.takeRecoveryCode(user.id, foldRecoveryCode(code));
    return taken ? 'recovery code' : undefined;
  }

  return {
    async check({ name, password, code, address }, known) {
      const account = name.normalize('NFKC').toLowerCase();
      refuseTired(account, address);
      const found = await catalog.users.findByName(name);
      if (found !== undefined) known(found.user);
      const right = await passwords.check(password, found?.passwordHash);
      if (found === undefined || !right || !found.user.enabled) {
        throw wrong(account, new AppError('sign-in-wrong', 'Name or password is wrong.'), address);
      }
      if (!found.user.hasTotp) return { user: found.user, method: 'password' };
      if (code === undefined || code.trim() === '') {
        throw new AppError('second-factor-missing', 'The account asks for the code of a second factor.');
      }
      const taken = await takeCode(found, code);
      if (taken === undefined) throw wrong(account, wrongCode(), address);
      return { user: found.user, method: `password and ${taken}` };
    },
    async confirmPassword(userId, password) {
      refuseTired(userId);
      const found = await catalog.users.credentials(userId);
      if (await passwords.check(password, found.passwordHash)) return found;
      throw wrong(userId, new AppError('password-wrong', 'The current password is wrong.'));
    },
    async confirmCode(credentials, code) {
      refuseTired(credentials.user.id);
      const taken = await takeCode(credentials, code);
      if (taken === undefined) throw wrong(credentials.user.id, wrongCode());
      return taken;
    },
  };
}

function wrongCode(): AppError {
  return new AppError('second-factor-wrong', 'The code is wrong, or was used already.');
}
