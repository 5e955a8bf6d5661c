/** A chapter of the page on the query language. */
export interface Chapter {
  readonly title: string;
  readonly about: string;
  readonly examples: readonly { readonly query: string; readonly means: string }[];
}

/** The language, shortest first. Every example is checked by a test. */
export const chapters: readonly Chapter[] = [
  {
    title: 'Clauses',
    about: 'Names in any case. Join clauses with and, or, not and parentheses; not binds tightest, then and, then or.',
    examples: [
      { query: 'eventSubType: BIND', means: 'is that' },
      { query: 'eventSubType: RESULT and outcome: failure', means: 'both' },
      { query: '(eventSubType: MOD or eventSubType: ADD) and outcome: success', means: 'parentheses' },
      { query: 'boundDn is not null and not outcome: success', means: 'not also finds events without the field' },
    ],
  },
  {
    title: 'Any of several',
    about: 'A list in brackets. Where an event has several values, any of them may match.',
    examples: [
      { query: 'requestType: [ADD, MOD, DEL, MODRDN]', means: 'one of these' },
      { query: 'tags: cleartext and tags: privileged-actor', means: 'has both' },
    ],
  },
  {
    title: 'Text',
    about: 'Bare words find words, double quotes words side by side, backticks exactly that.',
    examples: [
      { query: 'rawEvent: cleanly', means: 'has that word, ignoring case' },
      { query: 'distinguishedName: "ou=people"', means: 'has these words side by side; the last may go on' },
      { query: 'searchFilter: `(objectClass=*)`', means: 'is exactly this, case and all' },
      { query: 'deviceHostName: ldap?.*', means: '* any run of characters, ? exactly one; not in quotes' },
    ],
  },
  {
    title: 'DNs',
    about: 'under finds an entry and all below it, however its DN is written.',
    examples: [
      { query: 'distinguishedName under "ou=people,dc=corp,dc=example,dc=com"', means: 'that entry, or below it' },
      { query: 'boundDn: "uid=svc-"', means: 'identities whose DN holds words that begin so' },
      { query: 'requestContext under cn=config', means: 'searches there' },
    ],
  },
  {
    title: 'Numbers',
    about: 'Compare, or give a range; a round bracket leaves its bound out, an open side has none.',
    examples: [
      { query: 'count > 1000', means: 'above' },
      { query: 'duration: [0.5 .. 2)', means: 'from half a second, below two' },
      { query: 'resultCode: [1 ..]', means: 'one or more' },
    ],
  },
  {
    title: 'Time',
    about: 'The window beside the query is usually enough; in a query, dates are read in the zone of the window.',
    examples: [
      { query: 'eventTime: 2026-11-24', means: 'that day' },
      { query: 'eventTime >= now-2h', means: 'm is a minute, M a month; h, d, w, y' },
      { query: 'eventTime: [now-7d .. now-1d]', means: 'from, to' },
    ],
  },
  {
    title: 'Addresses',
    about: 'One, a block, a prefix or a range. IPv4 and IPv6 do not mix.',
    examples: [
      { query: 'sourceIp: 10.0.0.0/8', means: 'in the block' },
      { query: 'sourceIpv4: 127.0.*', means: 'begins so' },
      { query: 'sourceIp: 2001:db8::/32', means: 'IPv6 needs no quotes' },
    ],
  },
  {
    title: 'There or not',
    about: 'Absent and empty are the same.',
    examples: [
      { query: 'boundDn is null', means: 'has none' },
      { query: 'method: *', means: 'has any' },
    ],
  },
  {
    title: 'Without a field',
    about: 'A value alone is looked for in the raw record and in all text. It is the slowest question: name the field.',
    examples: [
      { query: '"invalid credentials"', means: 'anywhere' },
      { query: '127.0.66.9', means: 'an address, in any address field, too' },
    ],
  },
];
