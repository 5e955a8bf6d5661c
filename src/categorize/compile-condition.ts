import type { EventCondition } from '#source';
import { baseName, wordTest } from './change.ts';
import type { DnPatterns, Place } from './dn-patterns.ts';
import type { Facts } from './facts.ts';

/** Whether a rule fits the event at hand. */
export type Test = (facts: Facts) => boolean;

type Key = keyof EventCondition;
type Conditions = Required<EventCondition>;
type Makers = { readonly [K in Key]: (wanted: Conditions[K], patterns: DnPatterns) => Test };

/** How each condition is tested, cheap ones first: that is the order in which they are tried. */
const makers: Makers = {
  requests: (wanted) => oneOf(wanted, (facts) => facts.request),
  records: (wanted) => oneOf(wanted, (facts) => facts.event.eventSubType),
  types: (wanted) => oneOf<string>(wanted, (facts) => facts.pair),
  logs: (wanted) => oneOf(wanted, (facts) => facts.event.logName),
  internal: () => (facts) => facts.event.internalOperation === true,
  actorPrivileged: () => (facts) => facts.event.actorPrivileged === true,
  targetPrivileged: () => (facts) => facts.event.targetPrivileged === true,
  targetDisabled: () => (facts) => facts.event.targetDisabled === true,
  targetKnown: () => (facts) => facts.event.targetId !== undefined,
  proxied: () => (facts) => facts.event.authorizationId !== undefined,
  moves: () => (facts) => facts.event.newSuperior !== undefined,
  empty: () => (facts) => facts.event.count === undefined || facts.event.count === 0,
  hasResult: (wanted) => (facts) => (facts.event.resultCode !== undefined) === wanted,
  requestSeen: (wanted) => (facts) => (facts.event.requestTime !== undefined) === wanted,
  namesDn: (wanted) => (facts) => (facts.event.distinguishedName !== undefined) === wanted,
  resultCodes: (wanted) => oneOf(wanted, (facts) => facts.event.resultCode),
  extendedOids: (wanted) => oneOf(wanted, (facts) => facts.event.extendedOid),
  scopes: (wanted) => oneOf(wanted, (facts) => facts.event.searchScope),
  closeReasons: (wanted) => oneOf(wanted, (facts) => facts.event.closeReason),
  messageKinds: (wanted) => oneOf(wanted, (facts) => facts.event.messageKind),
  methods: (wanted) => oneOf(wanted, (facts) => facts.event.method),
  mechanisms: (wanted) => oneOf(wanted, (facts) => facts.event.saslMechanism?.toUpperCase()),
  transports: (wanted) => oneOf(wanted, (facts) => facts.event.transport),
  boundMethods: (wanted) => oneOf(wanted, (facts) => facts.event.boundMethod),
  targetKinds: (wanted) => oneOf(wanted, (facts) => facts.event.targetKind),
  actorKinds: (wanted) => oneOf(wanted, (facts) => facts.event.actorKind),
  actor: (wanted) => (facts) => facts.actor === wanted,
  controlsOver: (wanted) => (facts) => (facts.event.controls?.length ?? 0) > wanted,
  texts: (wanted) => beginning(wanted, (facts) => facts.event.resultText),
  messages: (wanted) => beginning(wanted, (facts) => facts.event.message),
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

/** Compiles a condition to one test. `without` names conditions that are known to hold when the test is asked. */
export function compileCondition(when: EventCondition, patterns: DnPatterns, without: readonly Key[] = []): Test {
  const tests = order.filter((key) => !without.includes(key)).flatMap((key) => makeTest(key, when, patterns));
  const [first, second, third] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (third === undefined) return (facts) => first(facts) && second(facts);
  return (facts) => {
    for (const test of tests) if (!test(facts)) return false;
    return true;
  };
}

function makeTest<K extends Key>(key: K, when: Partial<Conditions>, patterns: DnPatterns): Test[] {
  const wanted: Conditions[K] | undefined = when[key];
  return wanted === undefined ? [] : [makers[key](wanted, patterns)];
}

function oneOf<Word extends string | number>(wanted: readonly Word[], read: (facts: Facts) => Word | undefined): Test {
  const [only] = wanted;
  if (wanted.length === 1) return (facts) => read(facts) === only;
  const words = new Set<Word | undefined>(wanted);
  return (facts) => words.has(read(facts));
}

/** The empty text among the wanted ones: there is none. One that begins with `*` may stand anywhere in the text. */
function beginning(wanted: readonly string[], read: (facts: Facts) => string | undefined): Test {
  const none = wanted.includes('');
  const starts = wanted.filter((one) => one !== '' && !one.startsWith('*'));
  const parts = wanted.filter((one) => one.startsWith('*')).map((one) => one.slice(1));
  return (facts) => {
    const text = read(facts) ?? '';
    if (text === '') return none;
    return starts.some((one) => text.startsWith(one)) || parts.some((one) => text.includes(one));
  };
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

function placeTest(wanted: readonly string[], place: Place, patterns: DnPatterns): Test {
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
