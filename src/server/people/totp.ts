import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** Codes of six digits that an app shows for 30 seconds each (RFC 6238), as all apps understand them. */
const digits = 6;
const periodSeconds = 30;
const algorithm = 'SHA1';
const secretBytes = 20;
/** Codes before and after the current one that are taken, too: clocks differ, and people type slowly. */
const window = 1;
const issuer = 'Meridian';

const recoveryCodes = 10;
const recoveryLetters = 16;
/** 32 letters, without what can be mistaken for something else: five random bits each. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Makes a secret, base32. */
export function makeTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** The secret as an app takes it from a picture. */
export function totpUri(secret: string, name: string): string {
  return totpOf(secret, name).toString();
}

/** Gives the step of 30 seconds that a code belongs to; undefined when it is none of now. */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  const typed = code.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(typed)) return undefined;
  const delta = totpOf(secret, '').validate({ token: typed, timestamp: now, window });
  return delta === null ? undefined : Math.floor(now / 1_000 / periodSeconds) + delta;
}

/** Makes codes for the day the app is gone, e.g. `abcd-efgh-jkmn-pqrs`: 80 random bits each. */
export function makeRecoveryCodes(): readonly string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const text = [...randomBytes(recoveryLetters)].map((byte) => letters.charAt(byte % letters.length)).join('');
    return text.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** A recovery code as it is kept, however it was typed. */
export function foldRecoveryCode(code: string): string {
  return code.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer, label, algorithm, digits, period: periodSeconds, secret });
}
