import { AppError } from '#error';
import type { PeopleOptions } from '#server';
import type { Settings } from './settings.ts';

/** Choices about people, from the settings. Throws `setting-invalid`. */
export async function peopleOptions(settings: Settings): Promise<PeopleOptions> {
  return {
    sessionIdleMs: settings['session.idle-minutes'] * 60_000,
    sessionLifeMs: settings['session.hours'] * 3_600_000,
    openId: await openIdOptions(settings),
  };
}

async function openIdOptions(settings: Settings): Promise<PeopleOptions['openId']> {
  const { 'oidc.issuer': issuer, 'oidc.client-id': clientId, 'oidc.roles': roles } = settings;
  if (issuer === undefined) return undefined;
  if (clientId === undefined || roles === undefined) {
    throw new AppError('setting-invalid', 'oidc.issuer needs oidc.client-id and oidc.roles beside it.', {
      place: { field: 'oidc', expected: 'oidc.issuer, oidc.client-id and oidc.roles' },
    });
  }
  const { readRoleMapping } = await import('#server');
  return {
    issuer,
    clientId,
    clientSecret: settings['oidc.client-secret'],
    scopes: settings['oidc.scopes'],
    claim: settings['oidc.claim'],
    roles: readRoleMapping(roles),
    name: settings['oidc.name'],
  };
}
