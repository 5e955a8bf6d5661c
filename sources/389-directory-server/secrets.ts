/**
 * Attributes whose values are secrets: passwords, keys, and hashes of them. Their values never leave a reader, in no form
 * and in no log, whatever the server masked itself (the server's own log formats, §4.1, checklist item 11).
 */
const secretAttributes: ReadonlySet<string> = new Set([
  'userpassword',
  'authpassword',
  'unhashed#user#password',
  'unhashed_user_password',
  'passwordhistory',
  'pwdhistory',
  'passwordlegacypolicy',
  'nsslapd-rootpw',
  'nsslapd-referint-password',
  'nsmultiplexorcredentials',
  'nsds5replicacredentials',
  'nsds5replicabootstrapcredentials',
  'nsds7windowsreplicapassword',
  'nssymmetrickey',
  'nskeypassword',
  'dsonlinepassword',
  'krbprincipalkey',
  'krbmkey',
  'krbpwdhistory',
  'krbextradata',
  'ipanthash',
  'ipatokenotpkey',
  'ipatokenradiussecret',
  'ipanttrustauthincoming',
  'ipanttrustauthoutgoing',
  'ipaprivatekey',
  'ipasecretkey',
  'ipavaultsalt',
  'sambantpassword',
  'sambalmpassword',
  'sambapasswordhistory',
  'sambaclear',
  'sambaprevioustrustpassword',
  'sambacurrenttrustpassword',
  'userpkcs12',
  'userpkcs12password',
  'carlicense-password',
  'oathsecret',
  'totpsecret',
  'sshprivatekey',
  'privatekey',
  'ntuserunhashedpassword',
  'ntlmpassword',
  'unicodepwd',
  'clearpassword',
  'radiustunnelpassword',
  'dhcpkeysecret',
  'idnssecprivatekey',
  'ipk11privatekey',
  'ipk11secretkey',
  'apachepassword',
  'goimappassword',
  'mailpassword',
  // The same by number: userPassword, unhashed#user#password, passwordHistory, userPKCS12, sambaLMPassword, sambaNTPassword,
  // krbPrincipalKey, krbMKey.
  '2.5.4.35',
  '2.16.840.1.113730.3.1.2110',
  '2.16.840.1.113730.3.1.96',
  '2.16.840.1.113730.3.1.216',
  '1.3.6.1.4.1.7165.2.1.24',
  '1.3.6.1.4.1.7165.2.1.25',
  '2.16.840.1.113719.1.301.4.39.1',
  '2.16.840.1.113719.1.301.4.29.1',
  // The retro changelog's copy of a change, as LDIF: whatever the change held.
  'changes',
]);

/** What stands in place of a secret. */
export const redacted = '[redacted]';

/** Whether an attribute holds secrets; options (`userPassword;lang-de`) and case do not matter. */
export function isSecret(attribute: string): boolean {
  const name = foldAttribute(attribute);
  // Other products' attributes of that kind are named after what they hold.
  return (
    secretAttributes.has(name) || /(?:password|passwd|passwordhistory|credentials|secret|rootpw|privatekey)$/.test(name)
  );
}

/** An attribute's name in lower case, without options. */
export function foldAttribute(attribute: string): string {
  const semicolon = attribute.indexOf(';');
  return (semicolon < 0 ? attribute : attribute.slice(0, semicolon)).trim().toLowerCase();
}
