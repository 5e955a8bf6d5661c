import { type ModelledType, modelledTypes } from '#event';
import type { CategoryRule, CategoryTable, OutcomeRule } from '#source';
import { type ResultCode, RuleSet, type TryRules } from './compile-rules.ts';
import { DnPatterns } from './dn-patterns.ts';

/** What a category rule decides, with all that follows from it. */
export interface Decision {
  readonly kind: ModelledType;
  readonly activityId: number;
  readonly typeUid: number;
  readonly confidence: 'low' | undefined;
  /** Whether a privileged identity makes it weigh more: changes and logons. */
  readonly weighty: boolean;
}

/** How events of one request and one result code are decided. */
export interface Plan {
  readonly decide: TryRules;
  readonly decisions: readonly Decision[];
  readonly end: TryRules;
  readonly endings: readonly OutcomeRule[];
  /** Gives a bit for each tag. */
  readonly mark: TryRules;
  readonly isChange: boolean;
}

const byPair: ReadonlyMap<string, ModelledType> = new Map(modelledTypes.map((one) => [one.pair, one]));

/** What becomes of events that no rule fits. */
export const unclassified: Decision = decisionOf('other/unclassified', undefined, 'low');

/**
 * Makes the plans of a table when they are first needed. A plan holds only those rules that can fit its request and
 * result code: a search with result 0 meets a handful of a hundred. There are as many plans as named requests times named
 * codes at most, whatever a log may hold.
 */
export class Plans {
  readonly #table: CategoryTable;
  readonly #categories: RuleSet<CategoryRule>;
  readonly #outcomes: RuleSet<OutcomeRule>;
  readonly #tags: RuleSet<CategoryTable['tags'][number]>;
  readonly #tagWords: readonly string[];
  readonly #requests: ReadonlySet<string>;
  readonly #codes: ReadonlySet<number>;
  readonly #plans = new Map<string | undefined, Map<ResultCode, Plan>>();

  constructor(table: CategoryTable) {
    const patterns = new DnPatterns();
    this.#table = table;
    this.#categories = new RuleSet(table.categories, patterns);
    this.#outcomes = new RuleSet(table.outcomes, patterns);
    this.#tags = new RuleSet(table.tags, patterns);
    this.#tagWords = tagWordsOf(table);
    const named = [this.#categories.named, this.#outcomes.named, this.#tags.named];
    this.#requests = new Set([...named.flatMap((one) => one.requests), ...table.changeRequests]);
    this.#codes = new Set(named.flatMap((one) => one.codes));
  }

  of(request: string, resultCode: number | undefined): Plan {
    // Most events meet a plan that is there.
    return this.#plans.get(request)?.get(resultCode) ?? this.#find(request, resultCode);
  }

  #find(request: string, resultCode: number | undefined): Plan {
    const word = this.#requests.has(request) ? request : undefined;
    const code = resultCode === undefined || this.#codes.has(resultCode) ? resultCode : 'unnamed';
    let plans = this.#plans.get(word);
    if (plans === undefined) {
      plans = new Map();
      this.#plans.set(word, plans);
    }
    let plan = plans.get(code);
    if (plan === undefined) {
      plan = this.#make(word, code);
      plans.set(code, plan);
    }
    return plan;
  }

  #make(request: string | undefined, code: ResultCode): Plan {
    const categories = this.#categories.first(request, code);
    const outcomes = this.#outcomes.first(request, code);
    return {
      decide: categories.run,
      decisions: categories.rules.map((rule) => decisionFor(rule, request)),
      end: outcomes.run,
      endings: outcomes.rules,
      mark: this.#tags.all(request, code, (rule) => 1 << this.#tagWords.indexOf(rule.tag)),
      isChange: request !== undefined && this.#table.changeRequests.includes(request),
    };
  }
}

/** All tags of a table, each once. */
export function tagWordsOf(table: CategoryTable): readonly string[] {
  return [...new Set(table.tags.map((rule) => rule.tag))];
}

function decisionFor(rule: CategoryRule, request: string | undefined): Decision {
  const pair = typeof rule.is === 'string' ? rule.is : rule.is[request ?? ''];
  return pair === undefined ? unclassified : decisionOf(pair, rule.ocsfActivityId, rule.confidence);
}

function decisionOf(pair: string, ocsfActivityId: number | undefined, confidence: 'low' | undefined): Decision {
  const kind = byPair.get(pair);
  if (kind === undefined) throw new TypeError(`the category model has no ${pair}`);
  const activityId = ocsfActivityId ?? kind.ocsfActivityId;
  const weighty = kind.category.endsWith('-change') || kind.category === 'audit-logging' || kind.type === 'logon';
  return { kind, activityId, typeUid: kind.ocsfClassUid * 100 + activityId, confidence, weighty };
}
