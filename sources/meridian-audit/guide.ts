import type { Guide } from '#source';

/** The texts of the mapping guide; its tables come from `mapping.ts`. */
export const guide: Guide = {
  title: 'Meridian audit trail: data mapping guide',
  overview: [
    'Whoever can search the logs of an organization, change what agents read, or shorten how long events are kept must leave a trace. Signing in, every change, every export, and everything that was denied to somebody known is an event of this source, stored and asked for like any other.',
    'The entries are kept in the catalog and become events from there, so none is lost while the store is away. Nothing has to be set up.',
  ],
  supportedVersions: [{ versions: '1', status: 'tested', about: 'Made and read by the same program.' }],
  supportedFormats: [{ name: 'Records as JSON', about: 'One object a line.' }],
  queries: [
    { about: 'What was denied, and to whom', query: 'source: meridian-audit and outcome: denied' },
    {
      about: 'Sign-ins that failed',
      query: 'source: meridian-audit and eventCategory: authentication and outcome: denied',
    },
    { about: 'Changes of users and their roles', query: 'source: meridian-audit and eventCategory: account-change' },
  ],
  mappingNotes: [
    'eventSubType says what was done in one word, messageKind the same in lower case, message in a sentence. authorizationId is who did it, sourceIp from where, internalId to what. Number, kind of access and id of the user stand in extra, as JSON.',
    'The labels of connections, operations and entries are absent: people use the API.',
  ],
  gaps: [
    'Reading is not noted, but for exports. A name that nobody has is not noted when signing in fails: people type passwords there by mistake.',
  ],
};
