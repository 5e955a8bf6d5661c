import { foldDn, parseAddress } from '#event';
import { quotePhrase } from '#query';
import type { EntityKind } from '../../parts/entity-link.ts';
import { clauseFor, quoteWhole } from '../../query/refine.ts';

/** One table of an entity's page: a question about the entity, counted by labels. */
export interface EntityTable {
  readonly title: string;
  readonly none: string;
  /** Which events; all of the entity's when absent. */
  readonly q: string;
  readonly by: readonly string[];
  readonly times?: boolean;
}

/** What is asked about an entity. */
export interface EntityQuestions {
  /** Everything it had a part in. */
  readonly all: string;
  readonly tables: readonly EntityTable[];
  /** Labels of its neighbours at the left and at the right of the picture. */
  readonly left: EntityTable;
  readonly right: EntityTable;
  /** Labels of context shown with its name. */
  readonly context: readonly string[];
}

/** What a kind of entity is called. */
export const kindNames: Readonly<Record<EntityKind, { readonly one: string; readonly about: string }>> = {
  identity: { one: 'Identity', about: 'A DN that connections were bound as.' },
  address: { one: 'Address', about: 'A client, by its address.' },
  entry: { one: 'Entry', about: 'An entry of the directory, or all that lies below it.' },
  server: { one: 'Directory server', about: 'A server, by the host name in its logs.' },
  agent: { one: 'Agent', about: 'An agent that reads logs on its host.' },
};

/** Reads the kind from an address; undefined for what is none. */
export function readKind(text: string): EntityKind | undefined {
  return text === 'identity' || text === 'address' || text === 'entry' || text === 'server' || text === 'agent'
    ? text
    : undefined;
}

const results = 'eventSubType: RESULT';
const failed = 'outcome: [failure, denied]';
const changes = 'requestType: [ADD, MOD, DEL, MODRDN]';

function all(...clauses: readonly string[]): string {
  return clauses.map((clause) => (clause.includes(' or ') ? `(${clause})` : clause)).join(' and ');
}

/** Gives the questions about an entity. */
export function questionsOf(kind: EntityKind, value: string, below: boolean): EntityQuestions {
  switch (kind) {
    case 'identity':
      return aboutIdentity(value);
    case 'address':
      return aboutAddress(value);
    case 'entry':
      return aboutEntry(value, below);
    case 'server':
      return aboutServer(value);
    case 'agent':
      return aboutAgent(value);
  }
}

/** The clause that finds a DN however it was written; a text that is none is looked for as it stands. */
function dnClause(label: string, dn: string): string {
  const folded = foldDn(dn);
  return folded === undefined ? clauseFor(label, dn) : `${label}Folded: ${quoteWhole(folded)}`;
}

function aboutIdentity(dn: string): EntityQuestions {
  const did = dnClause('boundDn', dn);
  const named = dnClause('distinguishedName', dn);
  const from: EntityTable = {
    title: 'From addresses',
    none: 'Its addresses are not known.',
    q: all(did, results),
    by: ['sourceIp'],
    times: true,
  };
  return {
    all: `${did} or ${named}`,
    left: from,
    right: {
      title: 'Entries it changed',
      none: 'It changed nothing.',
      q: all(did, results, changes),
      by: ['distinguishedName'],
    },
    tables: [
      from,
      { title: 'What it did', none: 'It did nothing.', q: all(did, results), by: ['requestType', 'outcome'] },
      {
        title: 'Failures and denials',
        none: 'Nothing failed.',
        q: all(did, results, failed),
        by: ['requestType', 'resultName'],
      },
      {
        title: 'Binds as it',
        none: 'Nobody bound as it.',
        q: all(named, results, 'requestType: BIND'),
        by: ['sourceIp', 'outcome'],
        times: true,
      },
      {
        title: 'Filters it used',
        none: 'It searched for nothing.',
        q: all(did, 'eventSubType: SRCH'),
        by: ['searchFilterShape'],
      },
      {
        title: 'Entries it changed',
        none: 'It changed nothing.',
        q: all(did, results, changes),
        by: ['requestType', 'distinguishedName'],
      },
      {
        title: 'Who changed it',
        none: 'Nobody changed it.',
        q: all(named, results, changes),
        by: ['boundDn', 'requestType'],
        times: true,
      },
      { title: 'Servers', none: 'No server is named.', q: did, by: ['deviceHostName'] },
    ],
    context: [
      'actorKind',
      'actorName',
      'actorMail',
      'actorDepartment',
      'actorGroups',
      'actorPrivileged',
      'actorDisabled',
    ],
  };
}

function aboutAddress(address: string): EntityQuestions {
  const from = `sourceIp: ${parseAddress(address) === undefined ? quoteWhole(address) : address}`;
  const identities: EntityTable = {
    title: 'Identities',
    none: 'Nobody was bound from here.',
    q: all(from, results),
    by: ['boundDn'],
    times: true,
  };
  const servers: EntityTable = {
    title: 'Servers it reached',
    none: 'No server is named.',
    q: from,
    by: ['deviceHostName'],
  };
  return {
    all: from,
    left: identities,
    right: servers,
    tables: [
      identities,
      { title: 'What it did', none: 'It did nothing.', q: all(from, results), by: ['requestType', 'outcome'] },
      {
        title: 'Binds that failed',
        none: 'No bind failed.',
        q: all(from, results, 'requestType: BIND', failed),
        by: ['distinguishedName', 'resultName'],
        times: true,
      },
      {
        title: 'Failures and denials',
        none: 'Nothing failed.',
        q: all(from, results, failed),
        by: ['requestType', 'resultName'],
      },
      {
        title: 'Filters it used',
        none: 'It searched for nothing.',
        q: all(from, 'eventSubType: SRCH'),
        by: ['searchFilterShape'],
      },
      {
        title: 'How it connected',
        none: 'Its connections are not known.',
        q: all(from, 'eventSubType: [CONNECTION, BIND]'),
        by: ['transport', 'tlsVersion'],
      },
      servers,
    ],
    context: [
      'sourceZone',
      'sourceSite',
      'sourceCountry',
      'sourceCity',
      'sourceAsOrg',
      'sourceAssetName',
      'sourceAssetOwner',
      'sourceAssetRole',
      'threatLists',
    ],
  };
}

function aboutEntry(dn: string, below: boolean): EntityQuestions {
  const clause = (label: string): string => (below ? `${label} under ${quotePhrase(dn)}` : dnClause(label, dn));
  const named = clause('distinguishedName');
  const searched = clause('requestContext');
  const who: EntityTable = {
    title: 'Who changed it',
    none: 'Nobody changed it.',
    q: all(named, results, changes),
    by: ['boundDn', 'requestType'],
    times: true,
  };
  const readers: EntityTable = {
    title: 'Who searched there',
    none: 'Nobody searched there.',
    q: all(searched, results),
    by: ['boundDn'],
    times: true,
  };
  return {
    all: `${named} or ${searched}`,
    left: { ...who, by: ['boundDn'] },
    right: readers,
    tables: [
      who,
      readers,
      {
        title: 'From addresses',
        none: 'No address is known.',
        q: `${named} or ${searched}`,
        by: ['sourceIp'],
        times: true,
      },
      {
        title: 'What happened',
        none: 'Nothing happened.',
        q: `(${named} or ${searched}) and ${results}`,
        by: ['requestType', 'outcome'],
      },
      {
        title: 'Failures and denials',
        none: 'Nothing failed.',
        q: `(${named} or ${searched}) and ${results} and ${failed}`,
        by: ['requestType', 'resultName'],
      },
      {
        title: 'Filters used',
        none: 'It was never searched.',
        q: all(searched, 'eventSubType: SRCH'),
        by: ['searchFilterShape'],
      },
      {
        title: 'Binds as it',
        none: 'Nobody bound as it.',
        q: all(named, results, 'requestType: BIND'),
        by: ['sourceIp', 'outcome'],
      },
      ...(below ? [{ title: 'Entries named', none: 'None.', q: named, by: ['distinguishedName'] }] : []),
    ],
    context: ['targetKind', 'targetName', 'targetPrivileged', 'targetDisabled'],
  };
}

function aboutServer(host: string): EntityQuestions {
  const here = clauseFor('deviceHostName', host);
  const clients: EntityTable = {
    title: 'Clients',
    none: 'No client is known.',
    q: here,
    by: ['sourceIp'],
    times: true,
  };
  const identities: EntityTable = {
    title: 'Identities',
    none: 'Nobody was bound.',
    q: all(here, results),
    by: ['boundDn'],
  };
  return {
    all: here,
    left: clients,
    right: identities,
    tables: [
      { title: 'What happened', none: 'Nothing happened.', q: here, by: ['eventCategory', 'outcome'] },
      clients,
      identities,
      {
        title: 'Failures and denials',
        none: 'Nothing failed.',
        q: all(here, results, failed),
        by: ['requestType', 'resultName'],
      },
      {
        title: 'What its error log tells',
        none: 'Its error log tells nothing.',
        q: all(here, 'logName: error'),
        by: ['eventSubType', 'subsystem'],
      },
      {
        title: 'Unindexed searches',
        none: 'Every search had an index.',
        q: all(here, results, 'resultNotes: [U, A]'),
        by: ['searchFilterShape'],
      },
      {
        title: 'Connections',
        none: 'Nobody connected.',
        q: all(here, 'eventSubType: [CONNECTION, BIND]'),
        by: ['transport', 'tlsVersion'],
      },
      {
        title: 'Instances and versions',
        none: 'Not named in its logs.',
        q: here,
        by: ['deviceInstance', 'productVersion'],
        times: true,
      },
    ],
    context: ['deviceProduct', 'productVersion', 'destinationIp', 'destinationAssetName'],
  };
}

function aboutAgent(id: string): EntityQuestions {
  const own = clauseFor('agentId', id);
  const read = all(own, 'not source: [meridian-fleet, meridian-audit]');
  const servers: EntityTable = {
    title: 'Servers whose logs it reads',
    none: 'No server is named.',
    q: read,
    by: ['deviceHostName', 'deviceInstance'],
    times: true,
  };
  const clients: EntityTable = {
    title: 'Clients in these logs',
    none: 'No client is known.',
    q: read,
    by: ['sourceIp'],
    times: true,
  };
  return {
    all: own,
    left: { ...servers, by: ['deviceHostName'] },
    right: clients,
    tables: [
      {
        title: 'What it read',
        none: 'It has sent nothing.',
        q: read,
        by: ['source', 'logName'],
        times: true,
      },
      {
        title: 'What happened to it',
        none: 'Nothing is told of it.',
        q: all(own, 'source: meridian-fleet'),
        by: ['eventSubType'],
        times: true,
      },
      servers,
      {
        title: 'How completely connections are known',
        none: 'It has sent no connection.',
        q: all(read, 'logName: access'),
        by: ['correlation'],
      },
      { title: 'What these logs tell', none: 'Nothing happened.', q: read, by: ['eventCategory', 'outcome'] },
      clients,
      {
        title: 'Identities in these logs',
        none: 'Nobody was bound.',
        q: all(read, results),
        by: ['boundDn'],
      },
    ],
    context: ['deviceHostName', 'deviceProduct'],
  };
}
