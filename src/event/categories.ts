/**
 * The category model: what an event can be about, and what can happen there (taxonomy §3.1 to §3.3). Each pair of category
 * and type has one OCSF 1.8 class and activity, and a least severity. Sources assign these words, they never add any.
 */

/** One type of event: a verb of its category. */
export interface EventKind {
  /** One sentence on what happened. */
  readonly about: string;
  /** OCSF 1.8 class and activity; activity 99 is "other". */
  readonly ocsf: readonly [classUid: number, activityId: number];
  /** Least severity, 0 to 10; absent: that of the category. */
  readonly severity?: number;
}

interface EventCategory {
  readonly about: string;
  /** Least severity of its events, 0 to 10 (taxonomy §3.3). */
  readonly severity: number;
  readonly types: Readonly<Record<string, EventKind>>;
}

/** All categories with their types, in the order in which they are shown. */
export const categoryModel = {
  authentication: {
    about: 'Proof of identity and its end.',
    severity: 1,
    types: {
      logon: { about: 'An identity is proven, or fails to be.', ocsf: [3002, 1] },
      'logon-step': { about: 'One step of a logon that takes several.', ocsf: [3002, 6] },
      logoff: { about: 'The identity is given up.', ocsf: [3002, 2] },
      'identity-switch': { about: 'Work goes on in the name of somebody else.', ocsf: [3002, 7] },
      'identity-query': { about: 'A client asks who it is.', ocsf: [3002, 99] },
    },
  },
  network: {
    about: 'Connections, their protection, and faults of the transport.',
    severity: 1,
    types: {
      connect: { about: 'A connection is opened.', ocsf: [4001, 1] },
      disconnect: { about: 'A connection ends.', ocsf: [4001, 2] },
      'tls-start': { about: 'TLS is asked for, negotiated, or refused.', ocsf: [4001, 99] },
      proxy: { about: 'A proxy names the client behind it.', ocsf: [4001, 99] },
      fault: { about: 'The transport fails, or a connection is refused.', ocsf: [4001, 4] },
    },
  },
  'directory-read': {
    about: 'Entries are searched, read or compared.',
    severity: 1,
    types: {
      search: { about: 'A search below an entry.', ocsf: [6005, 4] },
      read: { about: 'One entry is read.', ocsf: [6005, 1] },
      compare: { about: 'A value of an entry is compared.', ocsf: [6005, 1] },
      'entry-returned': { about: 'An entry or a referral is sent to the client.', ocsf: [6005, 99] },
      control: { about: 'What goes with a request: sorting, paging, statistics, abandoning it.', ocsf: [6005, 99] },
    },
  },
  'directory-change': {
    about: 'Ordinary entries are changed.',
    severity: 1,
    types: {
      create: { about: 'An entry is added.', ocsf: [3004, 1] },
      modify: { about: 'An entry is changed.', ocsf: [3004, 3] },
      delete: { about: 'An entry is removed.', ocsf: [3004, 4] },
      rename: { about: 'An entry gets another name.', ocsf: [3004, 3] },
      move: { about: 'An entry gets another parent.', ocsf: [3004, 5] },
    },
  },
  'account-change': {
    about: 'Life cycle and credentials of persons, services and hosts.',
    severity: 5,
    types: {
      create: { about: 'An account is added.', ocsf: [3001, 1] },
      modify: { about: 'An account is changed.', ocsf: [3004, 3] },
      delete: { about: 'An account is removed.', ocsf: [3001, 6] },
      rename: { about: 'An account gets another name.', ocsf: [3004, 3] },
      'password-change': { about: 'Somebody changes the own password.', ocsf: [3001, 3] },
      'password-reset': { about: 'Somebody sets the password of another account.', ocsf: [3001, 4] },
      enable: { about: 'A disabled account may be used again.', ocsf: [3001, 2] },
      disable: { about: 'An account may not be used any more.', ocsf: [3001, 5] },
      lock: { about: 'An account is locked for a time, mostly after wrong passwords.', ocsf: [3001, 9] },
      unlock: { about: 'A lock is lifted.', ocsf: [3001, 12] },
      'credential-add': { about: 'A key, certificate, token or principal is given to an account.', ocsf: [3004, 3] },
      'credential-remove': {
        about: 'A key, certificate, token or principal is taken from an account.',
        ocsf: [3004, 3],
      },
    },
  },
  'group-change': {
    about: 'Life cycle and membership of groups, roles and netgroups.',
    severity: 5,
    types: {
      create: { about: 'A group is added.', ocsf: [3006, 6] },
      modify: { about: 'A group is changed, but for its members.', ocsf: [3004, 3] },
      delete: { about: 'A group is removed.', ocsf: [3006, 5] },
      rename: { about: 'A group gets another name.', ocsf: [3004, 3] },
      'member-add': { about: 'Members are added to a group, or its members are replaced.', ocsf: [3006, 3] },
      'member-remove': { about: 'Members are taken from a group.', ocsf: [3006, 4] },
    },
  },
  'policy-change': {
    about: 'Access control, password and lockout policy, access rules and limits.',
    severity: 5,
    types: {
      create: { about: 'A policy is added.', ocsf: [3004, 3] },
      modify: { about: 'A policy is changed.', ocsf: [3004, 3] },
      delete: { about: 'A policy is removed.', ocsf: [3004, 3] },
      grant: { about: 'Access control is added or replaced.', ocsf: [3004, 3] },
      revoke: { about: 'Access control is removed.', ocsf: [3004, 3] },
    },
  },
  'configuration-change': {
    about: 'Settings of the server, its schema, plug-ins and back ends.',
    severity: 7,
    types: {
      create: { about: 'A configuration entry is added.', ocsf: [3004, 3] },
      modify: { about: 'A configuration entry is changed.', ocsf: [3004, 3] },
      delete: { about: 'A configuration entry is removed.', ocsf: [3004, 3] },
    },
  },
  'audit-logging': {
    about: 'Switches, levels, paths and rotation of the logs, and gaps in them.',
    severity: 7,
    types: {
      'log-enable': { about: 'A log is switched on.', ocsf: [1008, 9] },
      'log-disable': { about: 'A log is switched off.', ocsf: [1008, 10], severity: 9 },
      modify: { about: 'Another setting of a log is changed.', ocsf: [1008, 99] },
      gap: { about: 'Records of a log are missing, cut or cleared.', ocsf: [1008, 1], severity: 9 },
    },
  },
  replication: {
    about: 'Agreements, replica sessions, total updates and changes that replicas bring.',
    severity: 1,
    types: {
      create: { about: 'A replica or agreement is added.', ocsf: [3004, 1], severity: 9 },
      modify: { about: 'A replica or agreement is changed.', ocsf: [3004, 3], severity: 9 },
      delete: { about: 'A replica or agreement is removed.', ocsf: [3004, 4], severity: 9 },
      'session-start': { about: 'A replica begins a session.', ocsf: [6005, 3] },
      'session-end': { about: 'A replica ends a session.', ocsf: [6005, 99] },
      refresh: { about: 'A replica is filled anew (total update).', ocsf: [6005, 99], severity: 7 },
      update: { about: 'A replica brings a change, or its bookkeeping.', ocsf: [6005, 2] },
      read: { about: 'The identity of a replica searches or reads.', ocsf: [6005, 1] },
    },
  },
  service: {
    about: 'The server itself: start, stop, tasks and what it reports.',
    severity: 1,
    types: {
      start: { about: 'The server starts.', ocsf: [6002, 3] },
      stop: { about: 'The server stops.', ocsf: [6002, 4] },
      crash: { about: 'The server ended without being stopped.', ocsf: [6008, 1], severity: 7 },
      task: { about: 'A task of the server is started, or reports.', ocsf: [6002, 99] },
      error: { about: 'The server reports an error.', ocsf: [6008, 1] },
      warning: { about: 'The server warns.', ocsf: [6008, 1] },
      info: { about: 'The server tells something.', ocsf: [6002, 99] },
    },
  },
  detection: {
    about: 'Alerts and incidents of the product itself.',
    severity: 1,
    types: {
      alert: { about: 'A rule has fired.', ocsf: [2004, 1] },
      incident: { about: 'An incident is opened.', ocsf: [2005, 1] },
      risk: { about: 'The risk of an identity or a host has changed.', ocsf: [2004, 2] },
    },
  },
  other: {
    about: 'Read, but not classified. Each such record is a defect of the tables.',
    severity: 1,
    types: { unclassified: { about: 'No rule fits.', ocsf: [0, 99] } },
  },
} as const;
categoryModel satisfies Readonly<Record<string, EventCategory>>;

/** Name of a category. */
export type CategoryName = keyof typeof categoryModel;

type Pairs = { [C in CategoryName]: `${C}/${keyof (typeof categoryModel)[C]['types'] & string}` };
/** A category and a type of it, as `authentication/logon`. */
export type CategoryType = Pairs[CategoryName];

/** All categories, in the order in which they are shown. */
export const categoryNames: readonly CategoryName[] = Object.keys(categoryModel) as CategoryName[];

/** A pair of category and type with all that the model says of it. */
export interface ModelledType {
  readonly pair: CategoryType;
  readonly category: CategoryName;
  readonly type: string;
  readonly about: string;
  readonly ocsfClassUid: number;
  readonly ocsfActivityId: number;
  readonly severity: number;
}

/** All pairs of category and type, in order. */
export const modelledTypes: readonly ModelledType[] = categoryNames.flatMap((category) => {
  const { severity, types }: EventCategory = categoryModel[category];
  return Object.entries(types).map(([type, kind]) => ({
    pair: `${category}/${type}` as CategoryType,
    category,
    type,
    about: kind.about,
    ocsfClassUid: kind.ocsf[0],
    ocsfActivityId: kind.ocsf[1],
    severity: kind.severity ?? severity,
  }));
});

/** All types, each once. */
export const typeNames: readonly string[] = [...new Set(modelledTypes.map((one) => one.type))];

/** How an operation can end (taxonomy §6). */
export const outcomes = ['success', 'failure', 'denied', 'partial', 'pending', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];
