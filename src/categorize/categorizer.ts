import type { Event } from '#event';
import type { CategoryTable } from '#source';
import { checkTable } from './check-table.ts';
import { Facts } from './facts.ts';
import { type Decision, type Plan, Plans, tagWordsOf, unclassified } from './plans.ts';
import { TagSets } from './tag-sets.ts';

/** Sets the labels of the category group of an event, in place. */
export type Categorize = (event: Event) => void;

/** Severities that an outcome and a privileged identity lift an event to (taxonomy §3.3). */
const failureSeverity = 3;
const deniedSeverity = 4;
const privilegedSeverity = 7;

/**
 * Compiles a category table. Events are read as enrichment left them: kinds and privileges of identities come from there.
 * Throws `categories-wrong`; what it gives never throws.
 */
export function createCategorizer(table: CategoryTable): Categorize {
  checkTable(table);
  const plans = new Plans(table);
  const tagSets = new TagSets(tagWordsOf(table));
  const answers = new Set<string | undefined>(table.answers);
  const detailedLogs = new Set<string | undefined>(table.detailedLogs);
  const { severityLog = 'error' } = table;
  const wordSeverities = new Map<string | undefined, number>(Object.entries(table.severities));
  const facts = new Facts();

  function confidenceOf(event: Event, plan: Plan, decision: Decision): 'high' | 'low' {
    if (decision.confidence !== undefined) return decision.confidence;
    if (!plan.isChange || detailedLogs.has(event.logName)) return 'high';
    return event.changedAttributes === undefined && event.objectClasses === undefined ? 'low' : 'high';
  }

  function severityOf(event: Event, decision: Decision): number {
    let severity = decision.kind.severity;
    if (event.outcome === 'failure') severity = Math.max(severity, failureSeverity);
    else if (event.outcome === 'denied') severity = Math.max(severity, deniedSeverity);
    if (decision.weighty && (event.actorPrivileged === true || event.targetPrivileged === true)) {
      severity = Math.max(severity, privilegedSeverity);
    }
    return event.logName === severityLog ? Math.max(severity, wordSeverities.get(event.eventSubType) ?? 0) : severity;
  }

  return (event) => {
    const record = event.eventSubType ?? '';
    const request = answers.has(record) ? (event.requestType ?? record) : record;
    const plan = plans.of(request, event.resultCode);
    facts.take(event);
    const decision = plan.decisions[plan.decide(event, facts)] ?? unclassified;
    const { kind } = decision;
    event.eventCategory = kind.category;
    event.eventType = kind.type;
    event.categoryConfidence = confidenceOf(event, plan, decision);
    event.ocsfClassUid = kind.ocsfClassUid;
    event.ocsfActivityId = decision.activityId;
    event.ocsfTypeUid = decision.typeUid;
    facts.pair = kind.pair;
    const ending = plan.endings[plan.end(event, facts)];
    event.outcome = ending?.outcome;
    event.reason = ending?.reason;
    event.severity = severityOf(event, decision);
    event.tags = tagSets.join(event.tags, plan.mark(event, facts));
  };
}
