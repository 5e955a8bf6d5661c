import type { Guide } from '#source';

/** The texts of the mapping guide; its tables come from `mapping.ts`. */
export const guide: Guide = {
  title: 'Meridian fleet: data mapping guide',
  overview: [
    'Agents read logs on other hosts. What happens to them is itself worth hunting: an agent that falls silent, an identity that is used from two places, a log that shrank, records that are missing. Each such thing is an event of this source, stored and asked for like any other.',
    'The events are made by the server, of what it sees itself and of what agents tell with their heartbeats. Nothing has to be set up.',
  ],
  supportedVersions: [{ versions: '1', status: 'tested', about: 'Made and read by the same program.' }],
  supportedFormats: [{ name: 'Records as JSON', about: 'One object a line.' }],
  mappingNotes: [
    'eventSubType says what happened in one word, messageKind the same in lower case, message in a sentence. agentId and deviceHostName say to whom. Details stand in extra, as JSON.',
    'The labels of connections, operations and entries are absent: agents have none.',
  ],
  gaps: ['What happens on a host while its agent is silent is told when it is back, as far as the agent saw it.'],
};
