import type { Event } from '#event';
import type { CategoryTable, Ending, ReasonRule } from '#source';

/**
 * Compiles the tables of outcomes and reasons (taxonomy §6, detections §1.3). A request has no outcome: its RESULT has.
 */
export function createEndings(table: CategoryTable): (event: Event, kind: string) => void {
  const results = new Map(Object.entries(table.results).map(([code, meaning]) => [Number(code), meaning]));
  const rules = groupByCode(table.reasons);
  const endings = new Map(Object.entries(table.endings));
  const closes = new Map(Object.entries(table.closes));
  const texts = Object.entries(table.securityReasons);

  function ofResult(event: Event, code: number): Ending {
    const meaning = results.get(code) ?? { outcome: 'failure' as const, reason: 'other' };
    const bind = event.requestType === 'BIND' || event.eventSubType === 'BIND';
    const exact = rules.get(code)?.find((rule) => fits(rule, event, bind));
    if (exact !== undefined) return exact.ending;
    if (bind && meaning.bind !== undefined) return meaning.bind;
    const none = meaning.empty !== undefined && (event.count === undefined || event.count === 0);
    return none && meaning.empty !== undefined ? { ...meaning, outcome: meaning.empty } : meaning;
  }

  function ofText(event: Event, ending: Ending): Ending {
    const text = event.message ?? event.resultText;
    if (text === undefined) return ending;
    return texts.find(([beginning]) => text.startsWith(beginning))?.[1] ?? ending;
  }

  return (event, kind) => {
    let ending: Ending | undefined;
    if (event.logName === 'security') {
      ending = endings.get(`security/${kind}`);
      if (ending !== undefined) ending = ofText(event, ending);
    } else if (event.resultCode !== undefined) ending = ofResult(event, event.resultCode);
    else if (kind === 'DISCONNECT') ending = closes.get(event.closeReason ?? '')?.ending ?? endings.get(kind);
    else {
      ending = endings.get(kind);
      if (ending !== undefined && event.resultText !== undefined) ending = ofText(event, ending);
    }
    if (ending === undefined) return;
    event.outcome = ending.outcome;
    event.reason = ending.reason;
  };
}

function fits(rule: ReasonRule, event: Event, bind: boolean): boolean {
  if (rule.bind === true && !bind) return false;
  if (rule.method !== undefined && event.method !== rule.method) return false;
  if (rule.text === undefined) return true;
  return rule.text === '' ? event.resultText === undefined : event.resultText?.startsWith(rule.text) === true;
}

function groupByCode(rules: readonly ReasonRule[]): Map<number, ReasonRule[]> {
  const groups = new Map<number, ReasonRule[]>();
  for (const rule of rules) {
    const group = groups.get(rule.code);
    if (group === undefined) groups.set(rule.code, [rule]);
    else group.push(rule);
  }
  return groups;
}
