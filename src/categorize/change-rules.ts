import type { Event } from '#event';
import type { ChangeRule, Direction, Verdict } from '#source';

/** What a rule made of a change. */
export interface ChangeVerdict {
  readonly verdict: Verdict;
  /** Whether it rests on the entry's name alone. */
  readonly byName: boolean;
}

const wanted: Readonly<Record<string, string>> = { add: 'add', delete: 'delete', replace: 'replace' };

/** Compiles the rules on changes: the first that fits decides (taxonomy §3.4). */
export function createChangeRules(rules: readonly ChangeRule[], otherwise: ChangeRule): (event: Event, verb: string) => ChangeVerdict {
  const compiled = rules.map((rule) => ({ rule, fits: compileRule(rule) }));
  return (event, verb) => {
    const { rule } = compiled.find(({ fits }) => fits(event, verb)) ?? { rule: otherwise };
    const known = event.changedAttributes !== undefined || event.objectClasses !== undefined;
    return { verdict: [rule.category, typeOf(rule, event, verb)], byName: !known && verb !== 'DEL' };
  };
}

function compileRule(rule: ChangeRule): (event: Event, verb: string) => boolean {
  const verbs = rule.verbs === undefined ? undefined : new Set(rule.verbs);
  const classes = rule.classes === undefined ? undefined : new Set(rule.classes);
  const kinds = rule.kinds === undefined ? undefined : new Set(rule.kinds);
  return (event, verb) =>
    (verbs === undefined || verbs.has(verb)) &&
    (rule.under === undefined || liesUnder(event.distinguishedNameFolded, rule.under)) &&
    (rule.dnHolds === undefined || holdsOne(event.distinguishedNameFolded, rule.dnHolds)) &&
    (rule.attributes === undefined || decidingAttribute(rule.attributes, event) !== undefined) &&
    (classes === undefined || event.objectClasses?.some((name) => classes.has(name)) === true) &&
    (kinds === undefined || (event.targetKind !== undefined && kinds.has(event.targetKind)));
}

function liesUnder(dn: string | undefined, places: readonly string[]): boolean {
  return dn !== undefined && places.some((place) => dn === place || (dn.endsWith(place) && dn.charCodeAt(dn.length - place.length - 1) === 44));
}

function holdsOne(dn: string | undefined, parts: readonly string[]): boolean {
  return dn !== undefined && parts.some((part) => dn.includes(part));
}

/** The changed attribute that a rule speaks of. */
function decidingAttribute(names: readonly string[], event: Event): string | undefined {
  return event.changedAttributes?.find((attribute) =>
    names.some((name) => (name.endsWith('*') ? attribute.startsWith(name.slice(0, -1)) : attribute === name)),
  );
}

function typeOf(rule: ChangeRule, event: Event, verb: string): string {
  const { type } = rule;
  if (typeof type === 'string') return type;
  if ('byVerb' in type) {
    // A rename with a new parent is a move, where the category knows one.
    const moved = verb === 'MODRDN' && event.newSuperior !== undefined ? type.byVerb['MOVE'] : undefined;
    return moved ?? type.byVerb[verb] ?? 'modify';
  }
  if ('own' in type) {
    const own = event.boundDnFolded !== undefined && event.boundDnFolded === event.distinguishedNameFolded;
    return own ? type.own : type.other;
  }
  const change = changeOf(decidingAttribute(rule.attributes ?? [], event), event);
  if ('byDirection' in type) return type.byDirection[change?.direction ?? (verb === 'DEL' ? 'delete' : 'add')];
  return type.byValue[change?.value.toLowerCase() ?? ''] ?? type.otherwise;
}

/** The change of one attribute: `replace nsAccountLock: true`. */
function changeOf(attribute: string | undefined, event: Event): { direction: Direction; value: string } | undefined {
  if (attribute === undefined) return undefined;
  for (const change of event.changes ?? []) {
    const blank = change.indexOf(' ');
    const direction = wanted[change.slice(0, blank)];
    if (direction !== 'add' && direction !== 'delete' && direction !== 'replace') continue;
    const colon = change.indexOf(': ', blank);
    const name = change.slice(blank + 1, colon < 0 ? undefined : colon).split(';', 1)[0]?.toLowerCase();
    if (name !== attribute) continue;
    // "Replace by nothing" removes.
    if (colon < 0) return { direction: direction === 'replace' ? 'delete' : direction, value: '' };
    return { direction, value: change.slice(colon + 2) };
  }
  return undefined;
}
