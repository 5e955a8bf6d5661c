import type { Guide } from '#source';

/** The texts of the mapping guide; its tables come from `mapping.ts`. */
export const guide: Guide = {
  title: '389 Directory Server: data mapping guide',
  overview: [
    '389 Directory Server is an LDAP server for Linux; it is also sold as Red Hat Directory Server and stands at the heart of FreeIPA. It writes an access log of every connection, request and result, a security log of binds and refusals, an audit log of changes and of failed ones, and an error log.',
    'The records are read where the server writes them: by the agent on its host, or by "meridian ingest" from files, folders, rotated and compressed sets. Reading joins what the server spreads over many lines: each record carries the addresses and the TLS state of its connection and the identity that was bound, and each result carries the request it answers.',
    'Records that another program sends as JSON with the source fields of this guide as keys are taken in as well. The case of keys does not count, numbers may be strings, and the time may be epoch seconds or milliseconds, ISO 8601, or the bracketed form of the server.',
  ],
  supportedVersions: [
    {
      versions: '2.3.1',
      status: 'tested',
      about: 'Text access, audit, auditfail and error log and the JSON security log, from a real server.',
    },
    {
      versions: '3.3 (development line)',
      status: 'tested',
      about:
        'Text, JSON and json-pretty access log, audit log in both forms, error log in both forms, security log, from a real server.',
    },
    {
      versions: '1.2 to 2.2, 2.4 to 3.2',
      status: 'read',
      about:
        'Forms known from published fragments and from how those releases print; read, but not verified against a server.',
    },
    {
      versions: 'Fedora, Red Hat and Netscape-era ancestors',
      status: 'read',
      about:
        'Access lines of the same family, from published fragments; whole-second times and old close and TLS lines are read.',
    },
  ],
  supportedFormats: [
    {
      name: 'Text access log',
      about: 'Whole-second and nanosecond times, all verbs, internal operations, statistics, notes.',
    },
    {
      name: 'JSON and json-pretty access log',
      about: 'Also mixed with text in one file, with records glued together or cut by the server.',
    },
    { name: 'Security log', about: 'JSON, one record a line.' },
    {
      name: 'Audit and auditfail log',
      about: 'LDIF and JSON. Passwords and other secrets are replaced before anything leaves the host.',
    },
    { name: 'Error log', about: 'Text of all releases and JSON.' },
    { name: 'Records as JSON', about: 'One object a line, with the source fields of this guide as keys.' },
  ],
  mappingNotes: [
    'Every event has deviceType "Application" and deviceVendor "389 Directory Server".',
    'The table holds the fourteen labels of the public mapping guide. Where the source field is blank, the server has no field of that name: the two addresses stand on the line that opened the connection, and the kind of the record is its verb. In JSON records these three are the keys client, server and verb.',
    'A label is absent where the record and its connection do not give it. It is never empty and never guessed.',
  ],
  gaps: [
    'The port of the client is in no log of this server.',
    'The value that a compare asserts, and the values of a search result, are never logged.',
    'A connection that was opened before the first line that was read has no addresses; its events say correlation "partial".',
    'LDIF audit records name neither connection nor address; only JSON audit records do.',
    'Values of more than about 500 bytes are cut by the server; a cut filter still has the shape of what is left.',
    'The security log leaves out SASL binds of all mechanisms but EXTERNAL; the access log has them.',
  ],
  queries: [
    { about: 'Failed binds', query: 'eventSubType: RESULT and requestType: BIND and outcome: [failure, denied]' },
    { about: 'Wrong passwords', query: 'requestType: BIND and resultCode: 49' },
    { about: 'Binds in clear text', query: 'requestType: BIND and tags: cleartext' },
    { about: 'What Directory Manager does', query: 'actorKind: root' },
    { about: 'Denied by access control', query: 'outcome: denied and reason: access-denied' },
    { about: 'Searches without an index', query: 'eventSubType: RESULT and requestType: SRCH and resultNotes: [U, A]' },
    { about: 'Slow operations', query: 'eventSubType: RESULT and duration > 1' },
    { about: 'Searches that return much', query: 'eventSubType: RESULT and requestType: SRCH and count > 1000' },
    { about: 'Changes of accounts and groups', query: 'eventCategory: [account-change, group-change]' },
    {
      about: 'Changes of access control and configuration',
      query: 'eventCategory: [policy-change, configuration-change]',
    },
    { about: 'Lines that clients may have forged', query: 'tags: suspect-forged' },
    { about: 'Errors of the server itself', query: 'logName: error and eventSubType: [EMERG, ALERT, CRIT, ERR]' },
  ],
};
