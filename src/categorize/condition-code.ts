import type { DnPlace } from '#event';
import type { EventCondition } from '#source';
import { baseName, wordTest } from './change.ts';
import type { DnPatterns } from './dn-patterns.ts';
import type { Facts } from './facts.ts';

/** A test that takes more than comparing labels. */
export type Test = (facts: Facts) => boolean;

type Conditions = Required<EventCondition>;
type Key = keyof EventCondition;

/** A condition as code over `event` and `facts`, or as a test that the code calls; `undefined`: known beforehand. */
type Made = string | Test | undefined;
type Makers = { readonly [K in Key]: (wanted: Conditions[K], patterns: DnPatterns) => Made };

/** How each condition is tested, cheap ones first: that is the order in which they are tried. */
const makers: Makers = {
  // Rules are chosen by these three before any is tried.
  requests: () => undefined,
  resultCodes: () => undefined,
  hasResult: () => undefined,
  records: (wanted) => oneOf('event.eventSubType', wanted),
  types: (wanted) => oneOf('facts.pair', wanted),
  logs: (wanted) => oneOf('event.logName', wanted),
  internal: () => 'event.internalOperation === true',
  actorPrivileged: () => 'event.actorPrivileged === true',
  targetPrivileged: () => 'event.targetPrivileged === true',
  targetDisabled: () => 'event.targetDisabled === true',
  targetKnown: () => 'event.targetId !== undefined',
  proxied: () => 'event.authorizationId !== undefined',
  moves: () => 'event.newSuperior !== undefined',
  empty: () => '(event.count === undefined || event.count === 0)',
  requestSeen: (wanted) => present('event.requestTime', wanted),
  namesDn: (wanted) => present('event.distinguishedName', wanted),
  extendedOids: (wanted) => oneOf('event.extendedOid', wanted),
  scopes: (wanted) => oneOf('event.searchScope', wanted),
  closeReasons: (wanted) => oneOf('event.closeReason', wanted),
  messageKinds: (wanted) => oneOf('event.messageKind', wanted),
  methods: (wanted) => oneOf('event.method', wanted),
  transports: (wanted) => oneOf('event.transport', wanted),
  boundMethods: (wanted) => oneOf('event.boundMethod', wanted),
  targetKinds: (wanted) => oneOf('event.targetKind', wanted),
  actorKinds: (wanted) => oneOf('event.actorKind', wanted),
  mechanisms: (wanted) => (facts) => wanted.includes(facts.event.saslMechanism?.toUpperCase() ?? ''),
  controlsOver: (wanted) => (facts) => (facts.event.controls?.length ?? 0) > wanted,
  texts: (wanted) => beginning('event.resultText', wanted),
  closeTexts: (wanted) => beginning('event.closeText', wanted),
  messages: (wanted) => beginning('event.message', wanted),
  actor: (wanted) => (facts) => facts.actor === wanted,
  since: (wanted) => (facts) => isSince(facts.event.productVersion, wanted),
  classes: (wanted) => (facts) => hasClass(wanted, facts.event.objectClasses),
  touches: (wanted) => {
    const test = wordTest(wanted);
    return (facts) => facts.event.changedAttributes?.some((attribute) => test(baseName(attribute))) === true;
  },
  gains: (wanted) => {
    const test = wordTest(wanted);
    return (facts) => facts.changes.some((change) => change.gains && test(change.attribute));
  },
  loses: (wanted) => {
    const test = wordTest(wanted);
    return (facts) => {
      const changes = facts.changes.filter((change) => test(change.attribute));
      return changes.length > 0 && changes.every((change) => !change.gains);
    };
  },
  sets: (wanted) => valueTest(wanted, true),
  unsets: (wanted) => valueTest(wanted, false),
  entry: (wanted, patterns) => placeTest(wanted, 'entry', patterns),
  under: (wanted, patterns) => placeTest(wanted, 'under', patterns),
};

const order = Object.keys(makers) as Key[];

/**
 * Writes a condition as one JavaScript expression over `event` and `facts`. Tests that take more than comparing labels
 * are added to `tests` and called by number. Words of the table stand in it as JSON texts only.
 */
export function conditionCode(when: EventCondition, patterns: DnPatterns, tests: Test[]): string {
  const parts = order.flatMap((key) => {
    const made = make(key, when, patterns);
    if (made === undefined) return [];
    return typeof made === 'string' ? [made] : [`tests[${tests.push(made) - 1}](facts)`];
  });
  return parts.length === 0 ? 'true' : parts.join(' && ');
}

function make<K extends Key>(key: K, when: Partial<Conditions>, patterns: DnPatterns): Made {
  const wanted: Conditions[K] | undefined = when[key];
  return wanted === undefined ? undefined : makers[key](wanted, patterns);
}

function present(label: string, wanted: boolean): string {
  return `${label} ${wanted ? '!==' : '==='} undefined`;
}

function oneOf(label: string, wanted: readonly string[]): string {
  return `(${wanted.map((word) => `${label} === ${JSON.stringify(word)}`).join(' || ')})`;
}

/** The empty text among the wanted ones: there is none. One that begins with `*` may stand anywhere in the text. */
function beginning(label: string, wanted: readonly string[]): string {
  const parts = wanted.map((one) => {
    if (one === '') return `${label} === undefined || ${label} === ''`;
    const test = one.startsWith('*')
      ? `includes(${JSON.stringify(one.slice(1))})`
      : `startsWith(${JSON.stringify(one)})`;
    return `${label} !== undefined && ${label}.${test}`;
  });
  return `(${parts.join(' || ')})`;
}

/** The empty list of wanted classes: any class at all. */
function hasClass(wanted: readonly string[], classes: readonly string[] | undefined): boolean {
  if (classes === undefined || classes.length === 0) return false;
  return wanted.length === 0 || classes.some((name) => wanted.includes(name));
}

function valueTest(wanted: NonNullable<EventCondition['sets']>, gains: boolean): Test {
  const attribute = wordTest(wanted.attributes);
  const value = wordTest(wanted.values);
  return (facts) =>
    facts.changes.some(
      (change) =>
        change.gains === gains && change.value !== undefined && attribute(change.attribute) && value(change.value),
    );
}

function placeTest(wanted: readonly string[], place: DnPlace, patterns: DnPatterns): Test {
  const numbers = wanted.map((pattern) => patterns.add(pattern, place));
  return (facts) => {
    const { dn } = facts;
    if (dn === undefined) return false;
    const fits = patterns.fits(dn);
    for (const number of numbers) if (fits[number] === 1) return true;
    return false;
  };
}

/** Compares releases part by part; what is no number ends a release. */
function isSince(release: string | undefined, wanted: string): boolean {
  if (release === undefined) return false;
  const parts = release.split('.').map((part) => Number.parseInt(part, 10));
  for (const [index, least] of wanted.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (Number.isNaN(part) || part < least) return false;
    if (part > least) return true;
  }
  return true;
}
