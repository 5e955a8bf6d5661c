import type { Event } from '#event';
import type { CategoryTable, Verdict } from '#source';
import { createChangeRules } from './change-rules.ts';
import { createEndings } from './endings.ts';
import { tag } from './tags.ts';

/** Sets category, type, outcome, reason, severity, tags and OCSF numbers of an event, in place. */
export type Categorize = (event: Event) => void;

const changeVerbs = new Set(['ADD', 'MOD', 'DEL', 'MODRDN']);
const unclassified: Verdict = ['other', 'other'];
/** Places in the severity scale that an outcome lifts an event to (taxonomy §3.3). */
const severityByOutcome: Readonly<Record<string, number>> = { failure: 3, denied: 4 };
const privilegedSeverity = 7;

/** Compiles the category table of a source. The function it gives looks everything up and decides nothing itself. */
export function createCategorizer(table: CategoryTable): Categorize {
  const kinds = new Map(Object.entries(table.kinds));
  const messages = new Map(Object.entries(table.messages));
  const extended = new Map(Object.entries(table.extended));
  const closes = new Map(Object.entries(table.closes));
  const scopes = new Map(Object.entries(table.scopes));
  const replication = new Map(Object.entries(table.replication));
  const changes = createChangeRules(table.changes, table.changeOtherwise);
  const end = createEndings(table);
  const marks = new Map([...pairsOf(table)].map((pair) => [pair.join('/'), markOf(table, pair)]));

  function verdictOf(event: Event, kind: string): Verdict {
    if (event.logName === 'error') return messages.get(event.messageKind ?? '') ?? kinds.get(`error/${kind}`) ?? unclassified;
    if (event.logName === 'security') return kinds.get(`security/${kind}`) ?? unclassified;
    // A RESULT is its operation; whatever stands between request and RESULT has a kind of its own.
    const verb = kind === 'RESULT' ? (event.requestType ?? kind) : kind;
    if (event.actorKind === 'replication' && event.logName === 'access') {
      const replicated = replication.get(verb);
      if (replicated !== undefined) return replicated;
    }
    if (changeVerbs.has(verb)) {
      const { verdict, byName } = changes(event, verb);
      event.categoryConfidence = byName ? 'low' : 'high';
      return verdict;
    }
    if (verb === 'SRCH') return scopes.get(event.searchScope ?? '') ?? kinds.get(verb) ?? unclassified;
    if (verb === 'BIND') return event.resultCode === 14 ? ['authentication', 'logon-step'] : (kinds.get(verb) ?? unclassified);
    if (verb === 'EXT' || verb === 'EXT_INFO') return extendedVerdict(event, extended, table.extendedOtherwise);
    if (verb === 'DISCONNECT') return closes.get(event.closeReason ?? '')?.verdict ?? kinds.get(verb) ?? unclassified;
    return kinds.get(verb) ?? unclassified;
  }

  return (event) => {
    const kind = event.eventSubType ?? '';
    const [category, type] = verdictOf(event, kind);
    event.eventCategory = category;
    event.eventType = type;
    end(event, kind);
    tag(event, category);
    const mark = marks.get(`${category}/${type}`);
    if (mark === undefined) return;
    event.ocsfClassUid = mark.classUid;
    event.ocsfActivityId = mark.activityId;
    event.ocsfTypeUid = mark.classUid * 100 + mark.activityId;
    const lifted = Math.max(mark.severity, severityByOutcome[event.outcome ?? ''] ?? 0);
    event.severity = event.actorPrivileged === true && mark.changes ? Math.max(lifted, privilegedSeverity) : lifted;
  };
}

interface Mark {
  readonly classUid: number;
  readonly activityId: number;
  readonly severity: number;
  /** Whether events of this kind change something. */
  readonly changes: boolean;
}

function markOf(table: CategoryTable, [category, type]: Verdict): Mark {
  const [classUid, activityId] = table.ocsf[`${category}/${type}`] ?? [0, 0];
  const severity = table.severities[`${category}/${type}`] ?? table.severities[category] ?? 1;
  return { classUid, activityId, severity, changes: category.endsWith('-change') || category === 'audit-logging' };
}

/** Every category and type the table has an OCSF pair for. */
function* pairsOf(table: CategoryTable): Generator<Verdict> {
  for (const key of Object.keys(table.ocsf)) {
    const slash = key.indexOf('/');
    yield [key.slice(0, slash), key.slice(slash + 1)];
  }
}

/** The password of another entry is reset; one's own is changed. */
function extendedVerdict(event: Event, extended: ReadonlyMap<string, Verdict>, otherwise: Verdict): Verdict {
  const verdict = event.eventSubType === 'EXT_INFO' ? (['account-change', 'password-reset'] as const) : (extended.get(event.extendedOid ?? '') ?? otherwise);
  if (verdict[1] !== 'password-reset') return verdict;
  const target = event.distinguishedNameFolded;
  return target === undefined || target === event.boundDnFolded ? [verdict[0], 'password-change'] : verdict;
}
