/** What is fixed about an error code: how a program sees it, what it means, and what to do. */
interface ErrorKind {
  /** Exit status of the command line: 1 found nothing, 2 wrong use, 3 could not. */
  readonly exit: 1 | 2 | 3;
  /** HTTP status of the API. */
  readonly status: number;
  /** One sentence on when it happens; goes to `docs/errors.md`. */
  readonly about: string;
  /** What the reader should do, unless the place of the error knows better. */
  readonly hint: string;
}

/**
 * Every error code of the product. `docs/errors.md` is written from this table and a test keeps the two equal.
 * A code is stable: scripts and dashboards match on it.
 */
export const errorKinds = {
  'state-damaged': {
    exit: 3,
    status: 500,
    about: 'A saved reading state cannot be used: it is damaged or of another version.',
    hint: 'Read the log again from its start; records already stored are not stored twice.',
  },
  internal: {
    exit: 3,
    status: 500,
    about: 'Something happened that the program did not expect.',
    hint: 'Report it with the lines above.',
  },

  // sources
  'mapping-wrong': {
    exit: 3,
    status: 500,
    about: 'A row of a mapping names a label or a key that does not exist, or changes the type of a value.',
    hint: 'Correct the row in the mapping.ts of the source.',
  },
  'categories-wrong': {
    exit: 3,
    status: 500,
    about: 'A rule of a category table names a type, reason or tag that does not exist.',
    hint: 'Correct the rule in the categories.ts of the source.',
  },
  'source-broken': {
    exit: 3,
    status: 500,
    about: 'The folder of a data source has no source that can be loaded.',
    hint: 'A source.ts must export "source", with the name of its folder as id.',
  },
  'source-unknown': {
    exit: 2,
    status: 404,
    about: 'A data source was named that does not exist.',
    hint: 'The sources are in docs/sources.md.',
  },
  'guide-format-unknown': {
    exit: 2,
    status: 400,
    about: 'A mapping guide was asked for in a form it does not have.',
    hint: 'Use md, html or json.',
  },

  // server: what a request got wrong
  'request-invalid': {
    exit: 2,
    status: 400,
    about: 'A parameter or the body of a request is not what the route takes.',
    hint: 'Compare with the route in /api/v1/openapi.json.',
  },
  'body-malformed': {
    exit: 2,
    status: 400,
    about: 'The body of a request is not JSON.',
    hint: 'Send one JSON value in UTF-8.',
  },
  'body-damaged': {
    exit: 2,
    status: 400,
    about: 'The compressed body of a request ends early or is not gzip.',
    hint: 'Send the batch again; what was stored already is not doubled.',
  },
  'body-too-large': {
    exit: 2,
    status: 413,
    about: 'The body of a request, or what it inflates to, is over the limit.',
    hint: 'Send smaller batches.',
  },
  'too-many-records': {
    exit: 2,
    status: 413,
    about: 'A batch holds more records than one request may carry.',
    hint: 'Send smaller batches.',
  },
  'media-type-unknown': {
    exit: 2,
    status: 415,
    about: 'The body of a request has a media type or an encoding that the route does not take.',
    hint: 'Send application/json, or application/x-ndjson to /api/v1/records; gzip is the only encoding.',
  },
  'token-missing': {
    exit: 2,
    status: 401,
    about: 'A request came without a token.',
    hint: 'Send "Authorization: Bearer TOKEN"; the token stands in the file "token" of the data directory.',
  },
  'token-wrong': {
    exit: 2,
    status: 401,
    about: "The token of a request is not the server's.",
    hint: 'The token stands in the file "token" of the server\'s data directory.',
  },
  'session-ended': {
    exit: 2,
    status: 401,
    about: 'The session of a person at the console has ended, or was never one of this server.',
    hint: 'Sign in again.',
  },
  'origin-foreign': {
    exit: 2,
    status: 403,
    about: 'A page of another origin made a request with the session of a person at the console.',
    hint: 'Use the console at the address it was signed in at; programs send a token instead of a cookie.',
  },
  'token-file-damaged': {
    exit: 3,
    status: 500,
    about: 'The file with the access token holds no usable token.',
    hint: 'Remove the file; the next start makes a new token.',
  },
  'attempts-exceeded': {
    exit: 3,
    status: 429,
    about: 'Too many wrong tokens came from one address.',
    hint: 'Wait as long as "retry-after" says, and correct the token.',
  },
  'route-unknown': {
    exit: 2,
    status: 404,
    about: 'There is no such route.',
    hint: 'All routes are in /api/v1/openapi.json.',
  },
  'event-unknown': {
    exit: 1,
    status: 404,
    about: 'No event has this id.',
    hint: 'Take eventId from a search; an event past its retention is gone.',
  },
  'session-unknown': {
    exit: 1,
    status: 404,
    about: 'No event belongs to this session.',
    hint: 'Take sessionKey from an event.',
  },
  'dead-letter-unknown': {
    exit: 1,
    status: 404,
    about: 'No dead letter has this id.',
    hint: 'Take the id from /api/v1/dead-letters; a replayed letter is gone.',
  },
  'text-unrecognized': {
    exit: 1,
    status: 400,
    about: 'A text that was given to be parsed is no log that a data source knows.',
    hint: 'Paste whole lines, or name the source and the log.',
  },
  'server-busy': {
    exit: 3,
    status: 503,
    about: 'The server has as much work of this kind as it takes at one time.',
    hint: 'Try again after as many seconds as "retry-after" says.',
  },
  'server-closing': {
    exit: 3,
    status: 503,
    about: 'The server is shutting down.',
    hint: 'Send the request again in a moment.',
  },
  'request-timeout': {
    exit: 3,
    status: 408,
    about: 'A request was not complete, or not answered, in the time it is given.',
    hint: 'Narrow the time window, or send smaller batches.',
  },
  'address-in-use': {
    exit: 3,
    status: 500,
    about: 'The address the server is to listen on is taken, or may not be used.',
    hint: 'Choose another port.',
  },

  // query: what a QQL text got wrong
  'unknown-field': {
    exit: 2,
    status: 400,
    about: 'A query names a field that the data model does not have.',
    hint: 'The fields are in docs/fields.md.',
  },
  'missing-field': {
    exit: 2,
    status: 400,
    about: 'A query has an operator without a field name before it.',
    hint: 'Write field: value.',
  },
  'missing-value': {
    exit: 2,
    status: 400,
    about: 'A query has a field and an operator, but no value behind them.',
    hint: 'Write a value, or field: * for "has any value".',
  },
  'missing-operator': {
    exit: 2,
    status: 400,
    about: 'Two clauses of a query stand side by side without AND or OR between them.',
    hint: 'Write AND or OR between them; put a value that holds such words into quotes.',
  },
  'missing-clause': {
    exit: 2,
    status: 400,
    about: 'A query has AND, OR, NOT or a parenthesis where a clause should follow, and none does.',
    hint: 'Write a clause, such as field: value, or remove the connective.',
  },
  unbalanced: {
    exit: 2,
    status: 400,
    about: 'A bracket, parenthesis or quote of a query is not closed, or closes nothing.',
    hint: 'Close it, or put the text that holds it into quotes.',
  },
  'bad-range': {
    exit: 2,
    status: 400,
    about: 'A range has no bounds, its low bound is above the high one, or its bounds are of different kinds.',
    hint: 'Write [low .. high]; one side may be left open.',
  },
  'bad-type': {
    exit: 2,
    status: 400,
    about: 'A query gives a field a value of another type: text for a number, an IPv6 address for an IPv4 field.',
    hint: 'Compare with the sample of the field in docs/fields.md.',
  },
  'bad-date': {
    exit: 2,
    status: 400,
    about: 'A date of a query cannot be, or is not written in a form that is known.',
    hint: 'Write 2024-09-15, "2024-09-15T00:30:00Z", epoch milliseconds, now or now-3d; units are s, m, h, d, w, M (month), y.',
  },
  'bad-operator': {
    exit: 2,
    status: 400,
    about: 'A query compares a field in a way its type does not allow, such as > on text.',
    hint: 'Use field: value; >, < and ranges are for numbers, dates and addresses, under is for DNs.',
  },
  'bad-wildcard': {
    exit: 2,
    status: 400,
    about: 'A query has a wildcard in a number, date, boolean or address.',
    hint: 'Use a range, or field: * for "has any value".',
  },
  'measure-invalid': {
    exit: 2,
    status: 400,
    about: 'What is to be measured is no function of a label, or a function of numbers and a label without any.',
    hint: 'Write for example p95(duration), sum(count) or distinct(sourceIp).',
  },
  'bad-zone': {
    exit: 2,
    status: 400,
    about: 'The time zone in which a query is to be read is not known.',
    hint: 'Give an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00.',
  },
  'empty-list': {
    exit: 2,
    status: 400,
    about: 'A list of a query has no items.',
    hint: 'Write [a, b], or remove the clause.',
  },
  'too-deep': {
    exit: 2,
    status: 400,
    about: 'A query is nested deeper than 1,000 levels.',
    hint: 'Flatten it: a list such as field: [a, b] replaces many ORs.',
  },
  'query-too-long': {
    exit: 2,
    status: 400,
    about: 'A query text is longer than 65,536 characters.',
    hint: 'Split it into several queries.',
  },
  'query-too-large': {
    exit: 2,
    status: 400,
    about: 'A query has more clauses, list items or free words than one query may have.',
    hint: 'Split it into several queries, or use a range, a CIDR block or a wildcard.',
  },

  // store
  'store-in-use': {
    exit: 3,
    status: 503,
    about: 'Another process uses the data directory.',
    hint: 'Stop that process, ask it through its API (--server URL), or choose another directory with --data.',
  },
  'store-newer': {
    exit: 3,
    status: 500,
    about: 'The data directory or database was written by a newer version of the program.',
    hint: 'Use the newer version, or another directory with --data.',
  },
  'store-damaged': {
    exit: 3,
    status: 500,
    about: 'The data directory or database does not hold what it should.',
    hint: 'Restore a backup, or choose another directory with --data.',
  },
  'store-forbidden': {
    exit: 3,
    status: 500,
    about: 'The data directory may not be read or written by this user.',
    hint: 'Run as the user who owns it, or choose another directory with --data.',
  },
  'store-closed': {
    exit: 3,
    status: 503,
    about: 'The store is closed.',
    hint: 'The program is ending; start it again.',
  },
  'store-unreachable': {
    exit: 3,
    status: 502,
    about: 'The database server does not answer.',
    hint: 'Check that it runs and that store.url is right; nothing was acknowledged that is not stored.',
  },
  'store-refused': {
    exit: 3,
    status: 502,
    about: 'The database server refuses the user, or a right that is needed.',
    hint: 'Check user and password, and grant the user the database.',
  },
  'store-failed': {
    exit: 3,
    status: 500,
    about: 'The database engine could not do what it was asked.',
    hint: 'Run "meridian doctor"; the engine\'s own words are in the message.',
  },
  'store-option-invalid': {
    exit: 2,
    status: 500,
    about: 'A choice for the store cannot be used: a URL, a name of a database or a cluster, a retention.',
    hint: 'The settings are in docs/configuration.md.',
  },
  'engine-missing': {
    exit: 3,
    status: 500,
    about: 'The embedded database engine is not installed for this platform.',
    hint: 'Run "npm install" again on Linux or macOS, or name a server with store.url.',
  },
  'disk-full': {
    exit: 3,
    status: 507,
    about: 'The disk of the data directory is full; what was not yet stored was not acknowledged.',
    hint: 'Free space or shorten the retention, then run the same command again: nothing is doubled.',
  },
  'event-incomplete': {
    exit: 3,
    status: 500,
    about: 'An event lacks its time or its identity (stream, generation, position), or they are out of range.',
    hint: 'Check the record: its time must lie between 1900 and 2262.',
  },
  'query-too-slow': {
    exit: 3,
    status: 503,
    about: 'A query took longer than it may.',
    hint: 'Narrow the time window, or ask for a field instead of free text.',
  },
  'query-out-of-memory': {
    exit: 3,
    status: 503,
    about: 'A query needed more memory than it may take, or answered with more rows.',
    hint: 'Narrow the time window, or group by fewer fields.',
  },
  'query-cancelled': { exit: 3, status: 499, about: 'A query was stopped before it was done.', hint: 'Ask again.' },
  'cursor-invalid': {
    exit: 2,
    status: 400,
    about: 'A cursor is damaged, or belongs to another query, window or sort.',
    hint: 'Start again without a cursor.',
  },
  'backup-exists': {
    exit: 2,
    status: 409,
    about: 'A backup of this name is already there.',
    hint: 'Choose another name.',
  },
  'backup-missing': {
    exit: 2,
    status: 404,
    about: 'There is no backup of this name.',
    hint: 'Backups lie in the folder "backups" of the data directory.',
  },
  'backup-name-invalid': {
    exit: 2,
    status: 400,
    about:
      'The name of a backup holds characters other than letters, digits, point, hyphen and underscore, or is too long.',
    hint: 'Choose a name such as 2026-11-24.',
  },

  // files that are read
  'file-missing': { exit: 3, status: 404, about: 'A named file or folder does not exist.', hint: 'Check the path.' },
  'file-forbidden': {
    exit: 3,
    status: 403,
    about: 'A file may not be read by this user.',
    hint: 'Run as a user who may read it (server logs often belong to root or dirsrv), or copy it.',
  },
  'file-unreadable': {
    exit: 3,
    status: 500,
    about: 'A file cannot be read, or is no ordinary file.',
    hint: 'Check the path and the disk.',
  },
  'gzip-truncated': {
    exit: 1,
    status: 400,
    about: 'A compressed file ends before its data does; what could be read was read.',
    hint: 'Copy the file again; reading it once more adds only what is new.',
  },
  'gzip-damaged': {
    exit: 1,
    status: 400,
    about: 'The data of a compressed file is damaged; what stands before the damage was read.',
    hint: 'Copy the file again; reading it once more adds only what is new.',
  },

  // the agent's reading
  'spool-full': {
    exit: 3,
    status: 507,
    about: 'The spool of an agent holds as much as its profile allows; reading has stopped, and the logs wait.',
    hint: 'See that the agent reaches its server; or allow more with spoolBytes in the profile.',
  },
  'file-not-allowed': {
    exit: 3,
    status: 403,
    about:
      'A pattern of the profile leads, maybe over a symbolic link, to a file outside the folders that may be read.',
    hint: 'Add its folder to allowedPaths in the configuration of the agent, or take the link away.',
  },
  'pattern-matches-nothing': {
    exit: 1,
    status: 404,
    about: 'A path pattern of the profile fits no file on the host.',
    hint: 'Check the pattern against the folders of the host; when the log is made later, it is found by itself.',
  },
  'too-many-logs': {
    exit: 3,
    status: 507,
    about: 'The patterns of a profile find more files, folders or logs than an agent reads.',
    hint: 'Make the patterns narrower; what is beyond the limit is not read.',
  },

  // enrichment: these never stop anything; they are notices, and what was known before stays in use
  'enrichment-file-invalid': {
    exit: 2,
    status: 500,
    about:
      'A file with knowledge about addresses, hosts or people is not in a form that is known; what was read from it before stays in use.',
    hint: 'Compare the file with docs/enrichment.md; it is read again as soon as it changes.',
  },
  'enrichment-file-too-large': {
    exit: 2,
    status: 500,
    about:
      'A file with knowledge about addresses, hosts or people is larger than is read; what was read from it before stays in use.',
    hint: 'Split the file, or leave out what is not needed.',
  },
  'enrichment-file-unknown': {
    exit: 2,
    status: 500,
    about: 'The enrichment folder holds a file whose name says nothing about what is in it; it is not used.',
    hint: 'Name it as docs/enrichment.md says, or move it elsewhere.',
  },
  'enrichment-file-gone': {
    exit: 2,
    status: 500,
    about: 'A file of the enrichment folder was removed; what it said is no longer added.',
    hint: 'Put it back, if that was not intended.',
  },
  'enrichment-rows-skipped': {
    exit: 2,
    status: 500,
    about: 'Some rows of an enrichment file cannot be used; the others are.',
    hint: 'Correct the rows that the notice names.',
  },
  'enrichment-rows-exceeded': {
    exit: 2,
    status: 500,
    about: 'An enrichment file has more rows than are used.',
    hint: 'Leave out what is not needed, or split the file.',
  },
  'enrichment-stale': {
    exit: 1,
    status: 500,
    about: 'An enrichment file has not been renewed for longer than its kind allows; it is used all the same.',
    hint: 'Fetch a newer one; check the job that should.',
  },
  'enrichment-folder-absent': {
    exit: 2,
    status: 409,
    about: 'Context files were to be changed over the API, but the server has no enrichment folder.',
    hint: 'Set enrich.folder (--enrich DIR) and start the server again.',
  },
  'enrichment-name-invalid': {
    exit: 2,
    status: 400,
    about: 'An uploaded context file was given a kind, form or name it cannot have.',
    hint: 'A name has 1 to 63 letters, digits, "-" and "_"; kinds and forms are at /api/v1/enrichment/kinds.',
  },
  'enrichment-upload-invalid': {
    exit: 2,
    status: 422,
    about: 'An uploaded context file cannot be used; what was in use stays.',
    hint: 'Compare the file with docs/enrichment.md, and look at its preview.',
  },
  'enrichment-upload-too-large': {
    exit: 2,
    status: 413,
    about: 'An uploaded context file is larger than is taken over the API.',
    hint: 'Leave out what is not needed, or put the file into the enrichment folder itself.',
  },
  'enrichment-changed': {
    exit: 2,
    status: 409,
    about: 'A context file, or what it was to replace, is not what the preview showed.',
    hint: 'Look at the preview again.',
  },
  'enrichment-upload-absent': {
    exit: 2,
    status: 404,
    about: 'There is no such context file, or no such former version of it.',
    hint: 'Files and former versions are at /api/v1/enrichment; versions are kept for 30 days.',
  },
  'enrichment-files-exceeded': {
    exit: 2,
    status: 409,
    about: 'There are as many context files of a kind as uploads may make.',
    hint: 'Remove those you no longer use.',
  },
  'enrichment-not-written': {
    exit: 3,
    status: 503,
    about: 'The server cannot write into its enrichment folder.',
    hint: 'Give the user of the server the right to write there, and look whether the disk is full.',
  },
  'enrichment-failed': {
    exit: 3,
    status: 500,
    about: 'Look-ups in an enrichment file fail: it is damaged inside. Events go on without them, marked partial.',
    hint: 'Replace the file.',
  },

  // agents: identity and trust
  'signature-missing': {
    exit: 2,
    status: 401,
    about: 'A request of an agent is not signed.',
    hint: 'Enroll the agent; only an enrolled one can sign.',
  },
  'signature-malformed': {
    exit: 2,
    status: 401,
    about: 'The signature of a request, or a header it covers, is not in the form that is known.',
    hint: 'Sign as RFC 9421 says, with ed25519; a proxy in between must leave the headers alone.',
  },
  'signature-incomplete': {
    exit: 2,
    status: 401,
    about: 'The signature of a request does not cover all that it must.',
    hint: 'Cover method, path, query, content-digest, content-encoding and every header that begins with meridian-.',
  },
  'signature-wrong': {
    exit: 2,
    status: 401,
    about: 'The signature of a request is not that of the key it names.',
    hint: 'A proxy may have changed the request on its way; else enroll the agent anew.',
  },
  'content-digest-wrong': {
    exit: 2,
    status: 401,
    about: 'The body of a signed request is not the one that was signed.',
    hint: 'Send it again; a proxy in between must leave the body alone.',
  },
  'clock-skewed': {
    exit: 3,
    status: 401,
    about: "The clock of an agent's host is too far off the server's.",
    hint: 'Let both hosts keep time (chrony, systemd-timesyncd); the answer says what time it is here.',
  },
  'nonce-replayed': {
    exit: 3,
    status: 401,
    about: 'A signed request came a second time.',
    hint: 'Sign each attempt anew; if the agent does, somebody repeats what was overheard.',
  },
  'agent-not-enrolled': {
    exit: 3,
    status: 401,
    about: 'No agent has the identity or the key that a request names.',
    hint: 'Enroll the agent with a token of this server.',
  },
  'agent-revoked': {
    exit: 3,
    status: 403,
    about: 'The agent was un-enrolled; its key is not taken any more.',
    hint: 'Enroll it anew, if it is to go on.',
  },
  'agent-identity-copied': {
    exit: 3,
    status: 403,
    about:
      'Two processes speak with the identity of one agent, as after a copy of its state folder or its virtual machine.',
    hint: 'Remove the state folder of the copy and enroll it under its own name.',
  },
  'requests-exceeded': {
    exit: 3,
    status: 429,
    about: 'An agent sends more requests than one agent may.',
    hint: 'Raise the interval and the size of its batches in its profile.',
  },
  'agent-instance-superseded': {
    exit: 3,
    status: 409,
    about: 'A request was signed by a process of the agent before the one that runs now; it came late.',
    hint: 'Nothing: the process that runs now sends it again.',
  },
  'agent-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no agent with this id.',
    hint: 'Take the id from /api/v1/agents.',
  },
  'key-damaged': {
    exit: 3,
    status: 500,
    about: 'A file with a private key is damaged, or holds another kind of key.',
    hint: 'Enroll the agent anew.',
  },
  'enrollment-token-wrong': {
    exit: 2,
    status: 401,
    about: 'The enrollment token is not one of this server.',
    hint: 'Make a new one: POST /api/v1/enrollment/tokens; its text is shown once.',
  },
  'enrollment-token-expired': {
    exit: 2,
    status: 401,
    about: 'The enrollment token is past its time.',
    hint: 'Make a new one.',
  },
  'enrollment-token-spent': {
    exit: 2,
    status: 401,
    about: 'The enrollment token was used as often as it may be.',
    hint: 'Make a new one, with as many uses as there are hosts.',
  },
  'enrollment-token-revoked': {
    exit: 2,
    status: 401,
    about: 'The enrollment token was revoked.',
    hint: 'Make a new one.',
  },
  'enrollment-token-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no enrollment token with this id.',
    hint: 'Take the id from /api/v1/enrollment/tokens.',
  },
  'stream-not-claimed': {
    exit: 3,
    status: 409,
    about: 'An agent sent a part of a stream that it had not claimed.',
    hint: 'Claim it first: POST /api/v1/agents/self/streams.',
  },

  // agents: profiles
  'profile-malformed': {
    exit: 3,
    status: 400,
    about: 'A signed profile is not in the form that is known.',
    hint: 'Bring agent and server to one version.',
  },
  'profile-forged': {
    exit: 3,
    status: 403,
    about: 'A profile is not signed with the key of the server the agent was enrolled with.',
    hint: 'Somebody else answers in the place of the server, or the server lost its key; enroll the agent anew if so.',
  },
  'profile-of-other-server': {
    exit: 3,
    status: 403,
    about: 'A profile was made by another server than the one the agent was enrolled with.',
    hint: 'Enroll the agent anew to have it follow another server.',
  },
  'profile-of-other-agent': {
    exit: 3,
    status: 403,
    about: 'A profile is meant for another agent.',
    hint: 'Look at what stands between agent and server: a cache may mix answers up.',
  },
  'profile-rolled-back': {
    exit: 3,
    status: 409,
    about: 'A profile is older than one the agent has seen before.',
    hint: 'To go back, roll back in the profile: that makes a new version with the old content.',
  },
  'profile-invalid': {
    exit: 2,
    status: 400,
    about: 'A profile holds something that no profile may hold.',
    hint: 'Correct the field that is named.',
  },
  'path-malformed': {
    exit: 2,
    status: 400,
    about: 'A path pattern is empty, too long, or holds control characters or too many wildcards.',
    hint: 'Write a path such as /var/log/dirsrv/slapd-*/access*.',
  },
  'path-relative': {
    exit: 2,
    status: 400,
    about: 'A path pattern is not absolute.',
    hint: 'Begin with a slash.',
  },
  'path-climbing': {
    exit: 2,
    status: 400,
    about: 'A path pattern has a step "." or "..".',
    hint: 'Write the path without such steps.',
  },
  'path-forbidden': {
    exit: 2,
    status: 403,
    about: "A path pattern leads where secrets or the system's own files are.",
    hint: "Name the folder in allowedPaths of the agent's own configuration, if there is a log all the same.",
  },
  'path-outside-roots': {
    exit: 2,
    status: 403,
    about: 'A path pattern leads out of the folders that agents may read.',
    hint: "Add the folder to allowedPaths of the agent's own configuration, or correct the pattern.",
  },

  // agents: on the log's host
  'agent-enrolled-already': {
    exit: 2,
    status: 409,
    about: 'The agent of this host has an identity at a server already.',
    hint: 'To take it to another server, run the same command as root with --replace.',
  },
  'agent-running': {
    exit: 3,
    status: 409,
    about: 'Another agent of this host works with the same state folder.',
    hint: 'Stop it first: systemctl stop meridian-agent; or give this one another stateFolder.',
  },
  'agent-identity-damaged': {
    exit: 3,
    status: 500,
    about: "The file with the agent's identity, or its key, is damaged, or may be read by others.",
    hint: 'Restore it, give it the rights 0600, or enroll anew with --replace.',
  },
  'enrollment-token-missing': {
    exit: 2,
    status: 400,
    about: 'The agent was to be enrolled without a token.',
    hint: 'Give the token by --token-file FILE, on standard input, or in MERIDIAN_ENROLLMENT_TOKEN; never as an argument, where others could read it.',
  },
  'enrollment-needs-root': {
    exit: 2,
    status: 403,
    about: 'An enrolled agent can be taken to another server by root alone.',
    hint: 'Run the same command with sudo.',
  },
  'server-certificate-unexpected': {
    exit: 3,
    status: 502,
    about: 'A server showed a certificate whose key is none of those that are pinned.',
    hint: "Correct pins in the agent's configuration if the server has a new key; else somebody stands between.",
  },
  'batch-refused': {
    exit: 3,
    status: 502,
    about: 'A server takes neither a batch nor a part of it, down to one record; the record was set aside on the host.',
    hint: 'The record lies in the folder "refused" of the agent\'s state folder; report it.',
  },
  'listen-forbidden': {
    exit: 2,
    status: 403,
    about: "A profile names an address to receive at that the agent's own configuration does not allow.",
    hint: 'Add the address to collect.listen in the configuration of the agent, or correct the profile.',
  },
  'listen-failed': {
    exit: 3,
    status: 500,
    about: 'The agent cannot listen at an address: it is taken, or may not be used.',
    hint: 'Choose another port; ports below 1024 need a right that the unit file does not give.',
  },
  'collector-certificate-missing': {
    exit: 2,
    status: 500,
    about: 'A profile has syslog received by TLS, and the agent has no certificate for it.',
    hint: 'Set collect.certificate and collect.key in the configuration of the agent.',
  },
  'status-missing': {
    exit: 3,
    status: 404,
    about: 'No agent has written its status on this host, or it cannot be read.',
    hint: 'Start it: systemctl start meridian-agent; or name its configuration with --config.',
  },

  // catalog: what people set, and who the agents are
  'catalog-conflict': {
    exit: 3,
    status: 409,
    about: 'Somebody else changed the same thing in the meantime.',
    hint: 'Read it again, and make the change once more.',
  },
  'catalog-busy': {
    exit: 3,
    status: 503,
    about: 'The catalog is being changed by others, and did not become free in time.',
    hint: 'Try again in a moment.',
  },
  'catalog-full': {
    exit: 3,
    status: 409,
    about: 'The catalog holds as many things of a kind as it may.',
    hint: 'Remove what is not used any more.',
  },
  'catalog-newer': {
    exit: 3,
    status: 500,
    about: 'The catalog was written by a newer version of the program.',
    hint: 'Use the newer version, or another directory with --data.',
  },
  'catalog-damaged': {
    exit: 3,
    status: 500,
    about: 'The catalog does not hold what it should.',
    hint: 'Restore a backup of catalog.db, or of its database.',
  },
  'catalog-forbidden': {
    exit: 3,
    status: 500,
    about: 'The file of the catalog may not be read or written by this user.',
    hint: 'Run as the user who owns the data directory.',
  },
  'catalog-unreachable': {
    exit: 3,
    status: 502,
    about: 'The database of the catalog does not answer.',
    hint: 'Check that it runs and that catalog.url is right.',
  },
  'catalog-refused': {
    exit: 3,
    status: 502,
    about: 'The database of the catalog refuses the user, or a right that is needed, or does not exist.',
    hint: 'Check user, password and database in catalog.url; the user must be able to make tables.',
  },
  'catalog-failed': {
    exit: 3,
    status: 500,
    about: 'The catalog could not do what it was asked.',
    hint: 'The log of the server says what its database answered.',
  },
  'profile-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no profile with this id.',
    hint: 'Take the id from /api/v1/profiles.',
  },
  'profile-version-unknown': {
    exit: 1,
    status: 404,
    about: 'The profile has no such version.',
    hint: 'Take the number from the versions of the profile.',
  },
  'profile-name-taken': {
    exit: 2,
    status: 409,
    about: 'Another profile has this name.',
    hint: 'Choose another name.',
  },
  'profile-in-use': {
    exit: 2,
    status: 409,
    about: 'Agents follow the profile that is to be deleted.',
    hint: 'Add reassign=true: each agent then gets the next profile that fits it, or none.',
  },
  'profile-import-invalid': {
    exit: 2,
    status: 400,
    about: 'A text to import is no profile in YAML.',
    hint: 'Export a profile to see the form.',
  },

  // people
  'sign-in-wrong': {
    exit: 2,
    status: 401,
    about: 'Name and password do not belong together, or the account may not sign in.',
    hint: 'Check both; an administrator can give you a link to choose a new password.',
  },
  'second-factor-missing': {
    exit: 2,
    status: 401,
    about: 'Name and password are right, and the account asks for a second factor.',
    hint: 'Send the code of the app, or a recovery code, along.',
  },
  'second-factor-wrong': {
    exit: 2,
    status: 403,
    about: 'The code of a second factor is wrong, was used already, or is too old.',
    hint: 'Wait for the next code of the app, and check that its clock is right.',
  },
  'password-wrong': {
    exit: 2,
    status: 403,
    about: 'The current password, given to allow a change, is wrong.',
    hint: 'Type the password you sign in with.',
  },
  'password-weak': {
    exit: 2,
    status: 400,
    about: 'A new password is too short, too plain, or holds the name.',
    hint: 'Take at least 12 characters; a few unrelated words do well.',
  },
  'permission-missing': {
    exit: 2,
    status: 403,
    about: 'Whoever asks may not do this: the role, or the scope of the API token, does not allow it.',
    hint: 'Ask an administrator for the role, or use a token of this scope.',
  },
  'person-required': {
    exit: 2,
    status: 409,
    about: 'The access token asked for something that only people have: a password, a second factor.',
    hint: 'Sign in as a user.',
  },
  'invitation-unknown': {
    exit: 2,
    status: 404,
    about: 'A link that works once was used already, is past its time, or was never one of this server.',
    hint: 'Ask an administrator for another; for the first administrator, "meridian serve" prints one.',
  },
  'user-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no user with this id.',
    hint: 'Take the id from /api/v1/users.',
  },
  'user-name-taken': {
    exit: 2,
    status: 409,
    about: 'Another user has this name.',
    hint: 'Choose another; case does not count.',
  },
  'users-exceeded': {
    exit: 2,
    status: 409,
    about: 'There are as many users, or invitations, as there may be.',
    hint: 'Remove those nobody needs.',
  },
  'last-administrator': {
    exit: 2,
    status: 409,
    about: 'The only administrator would be removed, disabled, or get another role.',
    hint: 'Make somebody else administrator first.',
  },
  'second-factor-exists': {
    exit: 2,
    status: 409,
    about: 'The account has a second factor already.',
    hint: 'Remove it first.',
  },
  'second-factor-absent': {
    exit: 2,
    status: 409,
    about: 'The account has no second factor, or none that waits to be confirmed.',
    hint: 'Begin by asking for a secret.',
  },
  'session-other-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no such session of this person.',
    hint: 'Take the id from the list of sessions; it may have ended meanwhile.',
  },
  'api-token-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no such API token.',
    hint: 'Take the id from the list of tokens.',
  },
  'api-tokens-exceeded': {
    exit: 2,
    status: 409,
    about: 'One person has as many usable API tokens as there may be.',
    hint: 'Revoke those nobody uses.',
  },
  'api-token-scope-invalid': {
    exit: 2,
    status: 400,
    about: 'An API token was to get a scope that does not exist, or that its owner does not have.',
    hint: 'The scopes are in /api/v1/roles.',
  },
  'saved-search-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no saved search with this id that the person may see.',
    hint: 'Take the id from /api/v1/searches.',
  },
  'saved-search-foreign': {
    exit: 2,
    status: 403,
    about: 'A saved search belongs to somebody else.',
    hint: 'Save it under a name of your own.',
  },
  'saved-search-name-taken': {
    exit: 2,
    status: 409,
    about: 'The person has a saved search of this name.',
    hint: 'Choose another name; case does not count.',
  },
  'saved-searches-exceeded': {
    exit: 2,
    status: 409,
    about: 'One person has as many saved searches as there may be.',
    hint: 'Remove those you no longer use.',
  },
  'dashboard-invalid': {
    exit: 2,
    status: 400,
    about: 'The text of a dashboard is no YAML, or says something a dashboard cannot.',
    hint: 'Compare with docs/dashboards.md.',
  },
  'dashboard-unknown': {
    exit: 1,
    status: 404,
    about: 'There is no dashboard with this id that the person may see.',
    hint: 'Take the id from /api/v1/dashboards.',
  },
  'dashboard-foreign': {
    exit: 2,
    status: 403,
    about: 'A dashboard belongs to somebody else.',
    hint: 'Copy it, and change the copy.',
  },
  'dashboard-shipped': {
    exit: 2,
    status: 403,
    about: 'A dashboard belongs to the product, and comes anew with each version.',
    hint: 'Copy it, and change the copy.',
  },
  'dashboard-name-taken': {
    exit: 2,
    status: 409,
    about: 'The person has a dashboard of this name.',
    hint: 'Choose another name; case does not count.',
  },
  'dashboards-exceeded': {
    exit: 2,
    status: 409,
    about: 'One person has as many dashboards as there may be.',
    hint: 'Remove those you no longer use.',
  },
  'provider-absent': {
    exit: 2,
    status: 404,
    about: 'No provider of identities is configured.',
    hint: 'Set oidc.issuer, oidc.client-id and oidc.roles; see docs/configuration.md.',
  },
  'provider-failed': {
    exit: 3,
    status: 502,
    about: 'The provider of identities does not answer, or not as OpenID Connect says.',
    hint: 'Check oidc.issuer, the client and its secret; the log of the server says more.',
  },
  'provider-refused': {
    exit: 2,
    status: 403,
    about: 'The provider of identities did not let the person in, or what it says of them maps to no role.',
    hint: 'Ask whoever administers the provider; roles come from oidc.roles.',
  },
  'provider-request-unknown': {
    exit: 2,
    status: 400,
    about: 'A sign-in at the provider of identities took too long, was used already, or was begun in another browser.',
    hint: 'Begin again on the sign-in page.',
  },

  // command line
  'setting-unknown': {
    exit: 2,
    status: 500,
    about: 'A settings file holds a name that is no setting.',
    hint: 'Settings are listed in docs/configuration.md.',
  },
  'setting-invalid': {
    exit: 2,
    status: 500,
    about: 'A setting has a value it cannot have.',
    hint: 'Settings are described in docs/configuration.md.',
  },
  'option-invalid': {
    exit: 2,
    status: 400,
    about: 'A command was given an option, or a value of one, that it does not take.',
    hint: 'Add --help to the command to see what it takes.',
  },
  'too-many-files': {
    exit: 2,
    status: 400,
    about: 'The named folders hold more files than are looked at in one go.',
    hint: 'Name the folders of the logs themselves.',
  },
  'no-logs': {
    exit: 1,
    status: 404,
    about: 'None of the named files is a log that a data source knows.',
    hint: "Name the folder of a server's logs, such as /var/log/dirsrv/slapd-NAME.",
  },
  'store-missing': {
    exit: 3,
    status: 503,
    about: 'There is no store in the data directory.',
    hint: 'Read a log first: meridian ingest FILE; or name the directory with --data.',
  },
  'server-unreachable': {
    exit: 3,
    status: 502,
    about: 'The server named with --server does not answer.',
    hint: 'Check that it runs and that the URL is right.',
  },
  'server-answer': {
    exit: 3,
    status: 502,
    about: 'The server named with --server answered with something that is no answer of its API.',
    hint: 'Check that the URL is that of a Meridian server.',
  },
} as const;
errorKinds satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** Where something went wrong: a file, a line, a byte, or a position in a text. All parts are optional. */
export interface ErrorPlace {
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Byte offset in the (uncompressed) file. */
  readonly position?: number;
  /** Offset in UTF-16 units of a query text, from 0. */
  readonly offset?: number;
  readonly field?: string;
  /** What stood there. */
  readonly found?: string;
  /** What would have been right. */
  readonly expected?: string;
}

/** Options of an {@link AppError}. */
export interface ErrorOptionsOf {
  readonly place?: ErrorPlace;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error class: a stable code, one sentence, the place, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace | undefined;
  readonly hint: string;

  constructor(code: ErrorCode, sentence: string, options: ErrorOptionsOf = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.place = options.place;
    this.hint = options.hint ?? errorKinds[code].hint;
  }

  /** Exit status for the command line. */
  get exit(): 1 | 2 | 3 {
    return errorKinds[this.code].exit;
  }

  /** HTTP status for the API. */
  get status(): number {
    return errorKinds[this.code].status;
  }

  /** The form in which the API and `--format json` show it. */
  toJSON(): { code: string; message: string; place?: ErrorPlace; hint: string } {
    return {
      code: this.code,
      message: this.message,
      ...(this.place === undefined ? {} : { place: this.place }),
      hint: this.hint,
    };
  }
}

/** Gives any thrown value as an {@link AppError}; unknown ones become `internal` and keep their cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { cause: thrown });
}
