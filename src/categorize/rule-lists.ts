import type { EventCondition } from '#source';

/** A rule that can be sorted by what it asks first. */
interface Sortable {
  readonly when: EventCondition;
}

/** Gives the rules that can fit an event, in order, by its request and result code. */
export type RulesFor<Rule> = (request: string, resultCode: number | undefined) => readonly Rule[];

/** The list for requests and codes that no rule names. */
const unnamed = Symbol('unnamed');
type Code = number | typeof unnamed | undefined;

/**
 * Sorts rules beforehand, so that per event only those are tried that can fit: a search with result 0 meets a handful of
 * a hundred. Lists are made when first asked for; there are as many as named requests times named codes at most.
 */
export function sortRules<Rule extends Sortable>(rules: readonly Rule[]): RulesFor<Rule> {
  const requests = new Set(rules.flatMap((rule) => rule.when.requests ?? []));
  const codes = new Set(rules.flatMap((rule) => rule.when.resultCodes ?? []));
  const lists = new Map<string | typeof unnamed, Map<Code, readonly Rule[]>>();
  return (request, resultCode) => {
    const word = requests.has(request) ? request : unnamed;
    const code = resultCode === undefined || codes.has(resultCode) ? resultCode : unnamed;
    let byCode = lists.get(word);
    if (byCode === undefined) {
      byCode = new Map();
      lists.set(word, byCode);
    }
    let list = byCode.get(code);
    if (list === undefined) {
      list = rules.filter(({ when }) => canFit(when, word, code));
      byCode.set(code, list);
    }
    return list;
  };
}

function canFit(when: EventCondition, request: string | symbol, code: Code): boolean {
  if (when.requests !== undefined && !when.requests.some((one) => one === request)) return false;
  if (when.hasResult !== undefined && when.hasResult !== (code !== undefined)) return false;
  return when.resultCodes === undefined || when.resultCodes.some((one) => one === code);
}
