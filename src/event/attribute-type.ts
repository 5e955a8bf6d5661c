/**
 * Names of attribute types that stand for the same type: OIDs and long names of RFC 4519 and RFC 4524, and spellings of
 * certificate tools. The short name is the one servers print.
 */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'cn'],
  ['commonname', 'cn'],
  ['2.5.4.4', 'sn'],
  ['surname', 'sn'],
  ['2.5.4.5', 'serialnumber'],
  ['2.5.4.6', 'c'],
  ['countryname', 'c'],
  ['2.5.4.7', 'l'],
  ['localityname', 'l'],
  ['2.5.4.8', 'st'],
  ['stateorprovincename', 'st'],
  ['2.5.4.9', 'street'],
  ['streetaddress', 'street'],
  ['2.5.4.10', 'o'],
  ['organizationname', 'o'],
  ['2.5.4.11', 'ou'],
  ['organizationalunitname', 'ou'],
  ['2.5.4.12', 'title'],
  ['2.5.4.15', 'businesscategory'],
  ['2.5.4.17', 'postalcode'],
  ['2.5.4.20', 'telephonenumber'],
  ['2.5.4.31', 'member'],
  ['2.5.4.42', 'givenname'],
  ['gn', 'givenname'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationqualifier'],
  ['2.5.4.45', 'x500uniqueidentifier'],
  ['2.5.4.46', 'dnqualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['0.9.2342.19200300.100.1.1', 'uid'],
  ['userid', 'uid'],
  ['0.9.2342.19200300.100.1.3', 'mail'],
  ['rfc822mailbox', 'mail'],
  ['0.9.2342.19200300.100.1.9', 'host'],
  ['0.9.2342.19200300.100.1.25', 'dc'],
  ['domaincomponent', 'dc'],
  ['1.2.840.113549.1.9.1', 'emailaddress'],
  ['email', 'emailaddress'],
  ['e', 'emailaddress'],
]);

/** Folds an attribute type: lower case, and the short name where there is one. */
export function foldAttributeType(type: string): string {
  const lower = type.toLowerCase();
  return shortNames.get(lower) ?? lower;
}

/** Whether {@link foldAttributeType} does more than lower-case the name. */
export function isLongName(type: string): boolean {
  return shortNames.has(type.toLowerCase());
}
