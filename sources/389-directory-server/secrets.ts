/**
 * Attributes whose values are secrets: passwords, keys, and hashes of them. Their values never leave a reader, in no form
 * and in no log, whatever the server masked itself (the server's own log formats, §4.1, checklist item 11).
 */
const secretAttributes: ReadonlySet<string> = new Set([
  'userpassword', 'authpassword', 'unhashed#user#password', 'unhashed_user_password', 'passwordhistory', 'pwdhistory', 'passwordlegacypolicy',
  'nsslapd-rootpw', 'nsslapd-referint-password', 'nsmultiplexorcredentials', 'nsds5replicacredentials', 'nsds5replicabootstrapcredentials',
  'nsds7windowsreplicapassword', 'nssymmetrickey', 'nskeypassword', 'dsonlinepassword',
  'krbprincipalkey', 'krbmkey', 'krbpwdhistory', 'krbextradata',
  'ipanthash', 'ipatokenotpkey', 'ipatokenradiussecret', 'ipanttrustauthincoming', 'ipanttrustauthoutgoing', 'ipaprivatekey', 'ipasecretkey', 'ipavaultsalt',
  'sambantpassword', 'sambalmpassword', 'sambapasswordhistory', 'sambaclear', 'sambaprevioustrustpassword', 'sambacurrenttrustpassword',
  'userpkcs12', 'userpkcs12password', 'carlicense-password', 'oathsecret', 'totpsecret', 'sshprivatekey', 'privatekey', 'ntuserunhashedpassword',
  'ntlmpassword', 'unicodepwd', 'clearpassword', 'radiustunnelpassword', 'dhcpkeysecret', 'idnssecprivatekey', 'ipk11privatekey', 'ipk11secretkey',
  'apachepassword', 'goimappassword', 'mailpassword',
]);

/** What stands in place of a secret. */
export const redacted = '[redacted]';

/** Whether an attribute holds secrets; options (`userPassword;lang-de`) and case do not matter. */
export function isSecret(attribute: string): boolean {
  const name = foldAttribute(attribute);
  // Other products' attributes of that kind are named after what they hold.
  return secretAttributes.has(name) || name.endsWith('password') || name.endsWith('passwd') || name.endsWith('credentials') || name.endsWith('secret');
}

/** An attribute's name in lower case, without options. */
export function foldAttribute(attribute: string): string {
  const semicolon = attribute.indexOf(';');
  return (semicolon < 0 ? attribute : attribute.slice(0, semicolon)).trim().toLowerCase();
}
