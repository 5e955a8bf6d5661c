import { roles } from '#catalog';
import { type Permission, permissionNames, permissions, permissionsOf, scopes } from '#server';

/** Writes `docs/people.md`: how people sign in, and the table of roles and permissions as the code has it. */
export function peoplePage(): string {
  return [
    '# People, roles and tokens',
    '',
    'Written by `npm run docs` from `src/server/people/permissions.ts`; do not edit.',
    '',
    '## The first administrator',
    '',
    'As long as there is no user, `meridian serve` prints a link that works once, for seven days: it makes the first administrator. What',
    'stands behind the `#` reaches no log of a server or proxy. `meridian doctor` says whether the link is still to be used; it',
    'does not show it. The access token in the file `token` of the data directory goes on working for programs, and for signing in when',
    'nobody else can.',
    '',
    '## Signing in',
    '',
    'An administrator makes users; each gets a link with which the person chooses a password of at least 12 characters. People may add',
    'a second factor (codes of an app, RFC 6238), with ten recovery codes that each work once. A session ends an hour after its last use',
    'and twelve hours after its beginning (`session.idle-minutes`, `session.hours`), when it is revoked, and when the password changes.',
    'A page that only refreshes itself does not count as use.',
    '',
    'With `oidc.issuer`, `oidc.client-id` and `oidc.roles` people also sign in at a provider of identities (OpenID Connect, authorization',
    'code with proof key). The address to allow there is `URL/sign-in/return`, where URL is `listen.url`. Whoever the provider says belongs to a',
    'group gets the role that `oidc.roles` gives it, anew at each sign-in; whose groups give none is refused. A person is known by issuer and',
    'subject: an equal name or mail address of a user here leads nowhere.',
    '',
    '```yaml',
    'listen:',
    '  url: https://meridian.example.com',
    'oidc:',
    '  issuer: https://login.example.com/realms/main',
    '  client-id: meridian',
    '  client-secret: …',
    '  claim: groups',
    '  roles: administrator=meridian-admins; engineer=ldap-team; viewer=*',
    '```',
    '',
    '## Roles',
    '',
    `| permission | meaning | ${roles.join(' | ')} | token |`,
    `|---|---|${roles.map(() => '---|').join('')}---|`,
    ...permissionNames.map(rowOf),
    '',
    'What belongs to one person alone (sessions, tokens, searches that are not shared) is seen and changed by that person, whatever the role.',
    'Administrators end sessions and revoke tokens of others, and remove searches that others share.',
    '',
    '## API tokens',
    '',
    'A token (`mdt_…`) acts for whoever made it, with the scopes it was given and never more than its owner may do at that moment. Its text is',
    'shown once; a hash of it is kept. It ends after at most 366 days, when it is revoked, or when its owner is locked out or removed.',
    '',
    '## Audit trail',
    '',
    'Signing in, every change, every export, and what was denied to somebody known is noted: who, when, from where, what, on which object.',
    'Administrators read it in the console and at `/api/v1/audit`; the same entries are events of the source `meridian-audit`, so that QQL',
    'finds them. The catalog keeps the newest million entries; events are kept as long as all events.',
    '',
  ].join('\n');
}

function rowOf(permission: Permission): string {
  const cells = [...roles.map((role) => permissionsOf(role).has(permission)), scopes.includes(permission)].map((may) =>
    may ? '●' : '',
  );
  return `| \`${permission}\` | ${permissions[permission]} | ${cells.join(' | ')} |`;
}
