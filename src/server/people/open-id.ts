import * as client from 'openid-client';
import type { Catalog, Role } from '#catalog';
import { AppError } from '#error';
import type { Logger } from '#log';
import { isLoopback } from '../access.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { groupsOf, type RoleMapping, roleOf } from './role-mapping.ts';

/** A provider of identities, as OpenID Connect Core 1.0 has it. */
export interface OpenIdOptions {
  /** The one issuer whose word counts. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a client that keeps no secret. */
  readonly clientSecret?: string | undefined;
  /** What is asked for, separated by blanks. */
  readonly scopes: string;
  /** Where the groups of a person stand. */
  readonly claim: string;
  readonly roles: RoleMapping;
  /** What the button says. */
  readonly name: string;
}

/** What a provider says of a person. */
export interface OpenIdPerson {
  readonly issuer: string;
  readonly subject: string;
  /** What the person would like to be called; not unique, not trusted for anything. */
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
}

/** Signing in at a provider: authorization code with proof key (RFC 7636). */
export interface OpenId {
  readonly name: string;
  /** Begins; gives where to send the browser, and what it must keep to itself. */
  begin(redirect: string): Promise<{ readonly url: string; readonly binding: string }>;
  /** Ends what was begun; `search` is what the provider put behind the address it sent the browser back to. */
  finish(redirect: string, search: string, binding: string): Promise<OpenIdPerson>;
}

/** How long somebody may take at the provider, in milliseconds. */
const requestMs = 10 * 60_000;
const timeoutSeconds = 10;
/** Seconds the clocks of provider and server may differ. */
const clockToleranceSeconds = 30;
/** What a provider says of itself is asked for again after this time, in milliseconds. */
const discoveryMs = 3_600_000;
const nameLengthMax = 128;

/** See {@link OpenId}. The provider is asked for its addresses at the first sign-in, not at the start. */
export function createOpenId(options: OpenIdOptions, catalog: Catalog, log: Logger, clock: () => number): OpenId {
  let known: { readonly at: number; readonly configuration: client.Configuration } | undefined;

  async function configuration(): Promise<client.Configuration> {
    const now = clock();
    if (known !== undefined && now - known.at < discoveryMs) return known.configuration;
    const found = await discover(options);
    known = { at: now, configuration: found };
    return found;
  }

  async function work<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      if (thrown instanceof client.AuthorizationResponseError) {
        throw new AppError('provider-refused', 'The provider of identities did not let the person in.', {
          cause: thrown,
        });
      }
      // What a provider answers may hold codes and tokens: only the kind of failure is logged.
      log.error({ reason: reasonOf(thrown) }, 'the provider of identities failed');
      throw new AppError('provider-failed', 'The provider of identities does not answer as it should.', {
        cause: thrown,
      });
    }
  }

  return {
    name: options.name,
    begin: (redirect) =>
      work(async () => {
        const of = await configuration();
        const verifier = client.randomPKCECodeVerifier();
        const nonce = client.randomNonce();
        const { state, binding } = await catalog.openIdRequests.begin({ nonce, verifier }, requestMs);
        const url = client.buildAuthorizationUrl(of, {
          redirect_uri: redirect,
          scope: options.scopes,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        return { url: url.href, binding };
      }),
    finish: (redirect, search, binding) =>
      work(async () => {
        const back = new URL(redirect);
        back.search = search;
        const state = back.searchParams.get('state') ?? '';
        const request = await catalog.openIdRequests.take(state, binding);
        if (request === undefined) {
          throw new AppError('provider-request-unknown', 'The sign-in took too long, or was begun elsewhere.');
        }
        const of = await configuration();
        const tokens = await client.authorizationCodeGrant(of, back, {
          pkceCodeVerifier: request.verifier,
          expectedState: state,
          expectedNonce: request.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('no id token');
        return personOf(options, await withUserInfo(of, options, claims, tokens.access_token));
      }),
  };
}

async function discover(options: OpenIdOptions): Promise<client.Configuration> {
  const issuer = new URL(options.issuer);
  const loopback = isLoopback(issuer.hostname.replace(/^\[|\]$/g, '')) || issuer.hostname === 'localhost';
  const metadata = { [client.clockTolerance]: clockToleranceSeconds };
  const authentication =
    options.clientSecret === undefined ? client.None() : client.ClientSecretBasic(options.clientSecret);
  return client.discovery(issuer, options.clientId, metadata, authentication, {
    timeout: timeoutSeconds,
    [client.customFetch]: boundedFetch,
    execute: [
      // The signature of an id token counts, too, not only that the provider answered itself.
      client.enableNonRepudiationChecks,
      // Without TLS nobody knows who answers; on this host nobody else does.
      ...(loopback && issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
    ],
  });
}

type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

/** Some providers tell groups only when they are asked for more. */
async function withUserInfo(
  of: client.Configuration,
  options: OpenIdOptions,
  claims: Claims,
  accessToken: string,
): Promise<Claims> {
  if (groupsOf(claims, options.claim) !== undefined) return claims;
  if (of.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await client.fetchUserInfo(of, accessToken, claims.sub);
  return { ...more, ...claims };
}

function personOf(options: OpenIdOptions, claims: Claims): OpenIdPerson {
  const role = roleOf(options.roles, groupsOf(claims, options.claim) ?? []);
  if (role === undefined) {
    throw new AppError('provider-refused', 'None of the groups the provider names gives a role here.');
  }
  const name = textOf(claims['preferred_username']) ?? textOf(claims['email']) ?? textOf(claims.sub) ?? 'unnamed';
  return { issuer: claims.iss, subject: claims.sub, name, displayName: textOf(claims['name']) ?? name, role };
}

/** A text without characters that cannot be seen. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/\p{C}/gu, '').trim().slice(0, nameLengthMax);
  return text === '' ? undefined : text;
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  const code = 'code' in thrown && typeof thrown.code === 'string' ? ` ${thrown.code}` : '';
  return `${thrown.name}${code}`;
}
