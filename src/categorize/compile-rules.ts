import type { Event } from '#event';
import type { EventCondition } from '#source';
import { conditionCode, type Test } from './condition-code.ts';
import type { DnPatterns } from './dn-patterns.ts';
import type { Facts } from './facts.ts';

/** Anything with a condition. */
interface Conditional {
  readonly when: EventCondition;
}

/** Number of the first rule that fits, -1 when none does; or a bit for each rule that fits. */
export type TryRules = (event: Event, facts: Facts) => number;

/** Rules of one kind, with their conditions as code. */
export class RuleSet<Rule extends Conditional> {
  readonly #rules: readonly { readonly rule: Rule; readonly code: string }[];
  readonly #tests: Test[] = [];

  constructor(rules: readonly Rule[], patterns: DnPatterns) {
    this.#rules = rules.map((rule) => ({ rule, code: conditionCode(rule.when, patterns, this.#tests) }));
  }

  /** Requests and result codes that any rule names. */
  get named(): { readonly requests: readonly string[]; readonly codes: readonly number[] } {
    return {
      requests: this.#rules.flatMap(({ rule }) => rule.when.requests ?? []),
      codes: this.#rules.flatMap(({ rule }) => rule.when.resultCodes ?? []),
    };
  }

  /** Compiles those rules that can fit a request and a result code, in order: the function tries one after the other. */
  first(
    request: string | undefined,
    resultCode: ResultCode,
  ): { readonly rules: readonly Rule[]; readonly run: TryRules } {
    const chosen = this.#choose(request, resultCode);
    const lines = chosen.map(({ code }, index) => `if (${code}) return ${index};`);
    return { rules: chosen.map(({ rule }) => rule), run: this.#compile([...lines, 'return -1;']) };
  }

  /** Compiles those rules that can fit: the function tries all, and joins the bits of those that do. */
  all(request: string | undefined, resultCode: ResultCode, bit: (rule: Rule) => number): TryRules {
    const lines = this.#choose(request, resultCode).map(({ rule, code }) => `if (${code}) set |= ${bit(rule)};`);
    return this.#compile(['let set = 0;', ...lines, 'return set;']);
  }

  #choose(
    request: string | undefined,
    resultCode: ResultCode,
  ): readonly { readonly rule: Rule; readonly code: string }[] {
    return this.#rules.filter(({ rule }) => canFit(rule.when, request, resultCode));
  }

  #compile(lines: readonly string[]): TryRules {
    const code = `'use strict';\nreturn function tryRules(event, facts) {\n${lines.join('\n')}\n};`;
    return (new Function('tests', code) as (tests: readonly Test[]) => TryRules)(this.#tests);
  }
}

/** A code that some rule names, `unnamed` for any other, undefined for none. */
export type ResultCode = number | 'unnamed' | undefined;

function canFit(when: EventCondition, request: string | undefined, code: ResultCode): boolean {
  if (when.requests !== undefined && !when.requests.some((one) => one === request)) return false;
  if (when.hasResult !== undefined && when.hasResult !== (code !== undefined)) return false;
  return when.resultCodes === undefined || when.resultCodes.some((one) => one === code);
}
