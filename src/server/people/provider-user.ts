import type { Catalog, User } from '#catalog';
import { AppError } from '#error';
import type { OpenIdPerson } from './open-id.ts';

/**
 * Gives the user a provider's person is, made at the first sign-in; the role is what the provider says today. A person is
 * known by issuer and subject alone: a name or an address that somebody else has here leads nowhere. Throws
 * `provider-refused` for who is not enabled, `user-name-taken`, `last-administrator`.
 */
export async function providerUser(catalog: Catalog, person: OpenIdPerson): Promise<User> {
  const known = await catalog.users.findBySubject(person.issuer, person.subject);
  if (known === undefined) return create(catalog, person);
  if (!known.enabled) throw new AppError('provider-refused', 'The account is disabled here.');
  const { displayName, role } = person;
  if (known.role === role && known.displayName === displayName) return known;
  return catalog.users.change(known.id, { displayName, role });
}

async function create(catalog: Catalog, person: OpenIdPerson): Promise<User> {
  const { issuer, subject, displayName, role } = person;
  const user = { displayName, role, identity: { issuer, subject } };
  try {
    return await catalog.users.create({ ...user, name: person.name });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'user-name-taken') throw thrown;
    return catalog.users.create({ ...user, name: `${person.name}@${new URL(issuer).hostname}` });
  }
}
