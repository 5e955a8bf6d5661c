import { type Event, type ModelledType, modelledTypes } from '#event';
import type { CategoryRule, CategoryTable, OutcomeRule } from '#source';
import { checkTable } from './check-table.ts';
import { compileCondition, type Test } from './compile-condition.ts';
import { DnPatterns } from './dn-patterns.ts';
import { Facts } from './facts.ts';
import { type RulesFor, sortRules } from './rule-lists.ts';
import { TagSets } from './tag-sets.ts';

/** Sets the labels of the category group of an event, in place. */
export type Categorize = (event: Event) => void;

/** Severities that an outcome and a privileged identity lift an event to (taxonomy §3.3). */
export const outcomeSeverities: Readonly<Record<string, number>> = { failure: 3, denied: 4 };
export const privilegedSeverity = 7;

const byPair: ReadonlyMap<string, ModelledType> = new Map(modelledTypes.map((one) => [one.pair, one]));
const unclassified = 'other/unclassified';

/** A rule ready to be tried. The sorting of the rules answers for requests and result codes. */
type Compiled<Rule> = Rule & { readonly test: Test };

/** What a rule decided, with all that follows from it. */
interface Decision {
  readonly kind: ModelledType;
  readonly activityId: number;
  readonly typeUid: number;
  /** Whether a privileged identity makes it weigh more: changes and logons. */
  readonly weighty: boolean;
}

/**
 * Compiles a category table. Events are read as enrichment left them: kinds and privileges of identities come from there.
 * Throws `categories-wrong`; what it gives never throws.
 */
export function createCategorizer(table: CategoryTable): Categorize {
  checkTable(table);
  const patterns = new DnPatterns();
  const categories = compileRules(table.categories, patterns);
  const outcomes = compileRules(table.outcomes, patterns);
  const tagWords = [...new Set(table.tags.map((rule) => rule.tag))];
  const tags = compileRules(
    table.tags.map((rule) => ({ ...rule, bit: 1 << tagWords.indexOf(rule.tag) })),
    patterns,
  );
  const tagSets = new TagSets(tagWords);
  const answers = new Set<string | undefined>(table.answers);
  const changeRequests = new Set(table.changeRequests);
  const detailedLogs = new Set<string | undefined>(table.detailedLogs);
  const severities = new Map<string | undefined, number>(Object.entries(table.severities));
  const decisions = new DecisionTable();
  const facts = new Facts();

  function decide(event: Event, request: string): Decision {
    for (const rule of categories(request, event.resultCode)) {
      if (!rule.test(facts)) continue;
      event.categoryConfidence = rule.confidence ?? confidenceOf(event, request);
      return decisions.of(rule, request);
    }
    event.categoryConfidence = 'low';
    return decisions.unclassified;
  }

  function confidenceOf(event: Event, request: string): 'high' | 'low' {
    if (!changeRequests.has(request) || detailedLogs.has(event.logName)) return 'high';
    return event.changedAttributes === undefined && event.objectClasses === undefined ? 'low' : 'high';
  }

  function severityOf(event: Event, decision: Decision, outcome: string | undefined): number {
    let severity = decision.kind.severity;
    const lifted = outcome === undefined ? 0 : (outcomeSeverities[outcome] ?? 0);
    if (lifted > severity) severity = lifted;
    if (decision.weighty && severity < privilegedSeverity && isPrivileged(event)) severity = privilegedSeverity;
    const worded = event.logName === 'error' ? (severities.get(event.eventSubType) ?? 0) : 0;
    return worded > severity ? worded : severity;
  }

  return (event) => {
    const record = event.eventSubType ?? '';
    const request = answers.has(record) ? (event.requestType ?? record) : record;
    facts.take(event, request);
    const decision = decide(event, request);
    const { kind } = decision;
    event.eventCategory = kind.category;
    event.eventType = kind.type;
    event.ocsfClassUid = kind.ocsfClassUid;
    event.ocsfActivityId = decision.activityId;
    event.ocsfTypeUid = decision.typeUid;
    facts.pair = kind.pair;
    const ending = firstFit(outcomes(request, event.resultCode), facts);
    event.outcome = ending?.outcome;
    event.reason = ending?.reason;
    event.severity = severityOf(event, decision, event.outcome);
    let set = 0;
    for (const rule of tags(request, event.resultCode)) if (rule.test(facts)) set |= rule.bit;
    event.tags = tagSets.join(event.tags, set);
  };
}

function compileRules<Rule extends CategoryRule | OutcomeRule | CategoryTable['tags'][number]>(
  rules: readonly Rule[],
  patterns: DnPatterns,
): RulesFor<Compiled<Rule>> {
  const sorted = ['requests', 'resultCodes', 'hasResult'] as const;
  return sortRules(rules.map((rule) => ({ ...rule, test: compileCondition(rule.when, patterns, sorted) })));
}

function firstFit<Rule extends { readonly test: Test }>(rules: readonly Rule[], facts: Facts): Rule | undefined {
  for (const rule of rules) if (rule.test(facts)) return rule;
  return undefined;
}

function isPrivileged(event: Event): boolean {
  return event.actorPrivileged === true || event.targetPrivileged === true;
}

/** Decisions are made once for each rule and request. */
class DecisionTable {
  readonly #made = new Map<CategoryRule, Map<string, Decision>>();
  readonly unclassified: Decision = decisionOf(unclassified, undefined);

  of(rule: CategoryRule, request: string): Decision {
    let byRequest = this.#made.get(rule);
    if (byRequest === undefined) {
      byRequest = new Map();
      this.#made.set(rule, byRequest);
    }
    const named = typeof rule.is === 'string' ? '' : request;
    let decision = byRequest.get(named);
    if (decision === undefined) {
      const pair = typeof rule.is === 'string' ? rule.is : rule.is[request];
      // Only requests that the rule names come here, so the lists stay short.
      if (pair === undefined) return this.unclassified;
      decision = decisionOf(pair, rule.ocsfActivityId);
      byRequest.set(named, decision);
    }
    return decision;
  }
}

function decisionOf(pair: string, ocsfActivityId: number | undefined): Decision {
  const kind = byPair.get(pair) ?? byPair.get(unclassified);
  if (kind === undefined) throw new TypeError('the category model lacks other/unclassified');
  const activityId = ocsfActivityId ?? kind.ocsfActivityId;
  const weighty = kind.category.endsWith('-change') || kind.category === 'audit-logging' || kind.type === 'logon';
  return { kind, activityId, typeUid: kind.ocsfClassUid * 100 + activityId, weighty };
}
