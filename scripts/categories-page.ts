import { categoryModel, categoryNames, modelledTypes } from '#event';
import {
  type CategoryRule,
  type EventCondition,
  loadSources,
  type OutcomeRule,
  type Source,
  type TagRule,
} from '#source';

/** Writes `docs/categories.md` from the category model and the tables of all sources. */
export async function categoriesPage(): Promise<string> {
  const sources = await loadSources();
  return `${[
    '# Categories',
    '',
    'Written by `npm run docs` from the category model, `src/event/categories.ts`, and the tables of the sources; do not edit.',
    '',
    'Every event has a category and a type in it, a verb. They are given last, when an event carries all that is known of it.',
    'A request has no outcome: its RESULT has, and with it the category and type of the request. Each pair of category and',
    'type has one class and activity of OCSF 1.8 (`ocsfClassUid`, `ocsfActivityId`, `ocsfTypeUid`); only for connections that',
    'are broken off or refused the activity says more than the type.',
    '',
    '`severity` is for sorting, from 0 to 10: the least severity of the type below; at least 3 for a failure, 4 for what was',
    'denied, 7 where a privileged identity logs on, changes something, or is changed.',
    '',
    'An event with category `other` was read but not classified. Each is a defect of the tables below.',
    '',
    '## The model',
    '',
    '| category | type | what happened | OCSF | severity |',
    '|---|---|---|---|---|',
    ...modelledTypes.map(
      (one) =>
        `| ${one.category} | ${one.type} | ${one.about} | ${one.ocsfClassUid}/${one.ocsfActivityId} | ${one.severity} |`,
    ),
    '',
    ...categoryNames.map((name) => `- **${name}**: ${categoryModel[name].about}`),
    ...sources.flatMap(sourceSection),
  ].join('\n')}\n`;
}

function sourceSection(source: Source): string[] {
  const table = source.categories;
  return [
    '',
    `## ${source.product}`,
    '',
    '### Category and type',
    '',
    'Rules are tried in order; the first that fits decides. Where a change is known only by the name of its entry, as in an',
    `access log, \`categoryConfidence\` is low. Records that answer a request (${table.answers.map(code).join(', ')}) are told by that request.`,
    '',
    '| step | what | when | category/type |',
    '|---|---|---|---|',
    ...table.categories.map(categoryRow),
    '',
    '### Outcome and reason',
    '',
    'Rules are tried in order; the first that fits decides.',
    '',
    '| when | outcome | reason | remark |',
    '|---|---|---|---|',
    ...table.outcomes.map(outcomeRow),
    '',
    '| reason | meaning |',
    '|---|---|',
    ...Object.entries(table.reasons).map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`),
    '',
    '### Tags',
    '',
    'Every rule that fits adds its tag. Reading adds tags of its own, such as `truncated` and `suspect-forged`.',
    '',
    '| tag | what | when |',
    '|---|---|---|',
    ...table.tags.map(tagRow),
    '',
    '### Severity of error records',
    '',
    `At least ${Object.entries(table.severities)
      .map(([word, severity]) => `${severity} for ${word}`)
      .join(', ')}.`,
  ];
}

function categoryRow(rule: CategoryRule): string {
  const pairs =
    typeof rule.is === 'string'
      ? [code(rule.is)]
      : Object.entries(rule.is).map(([request, pair]) => `${request}: ${code(pair)}`);
  const more = [
    ...(rule.ocsfActivityId === undefined ? [] : [`OCSF activity ${rule.ocsfActivityId}`]),
    ...(rule.confidence === undefined ? [] : ['confidence low']),
  ];
  return row([rule.step, rule.about, phrase(rule.when), [...pairs, ...more].join(', ')]);
}

function outcomeRow(rule: OutcomeRule): string {
  return row([phrase(rule.when), rule.outcome, rule.reason === undefined ? '' : code(rule.reason), rule.about ?? '']);
}

function tagRow(rule: TagRule): string {
  return row([code(rule.tag), rule.about, phrase(rule.when)]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(word: string): string {
  return `\`${word}\``;
}

function list(words: readonly (string | number)[]): string {
  return words.map((word) => code(String(word))).join(', ');
}

type Conditions = Required<EventCondition>;
type Phrases = { readonly [K in keyof Conditions]: (wanted: Conditions[K]) => string };

/** How each condition reads. */
const phrases: Phrases = {
  requests: (wanted) => `request ${list(wanted)}`,
  records: (wanted) => `record ${list(wanted)}`,
  logs: (wanted) => `in the log ${list(wanted)}`,
  types: (wanted) => `is ${list(wanted)}`,
  internal: () => 'made by the server itself',
  entry: (wanted) => `entry ${list(wanted)}`,
  under: (wanted) => `at or below ${list(wanted)}`,
  namesDn: (wanted) => (wanted ? 'names a DN' : 'names no DN'),
  touches: (wanted) => `changes ${list(wanted)}`,
  gains: (wanted) => `gives a value to ${list(wanted)}`,
  loses: (wanted) => `only takes values of ${list(wanted)}`,
  sets: (wanted) => `sets ${list(wanted.attributes)} to ${list(wanted.values)}`,
  unsets: (wanted) => `takes from ${list(wanted.attributes)} the value ${list(wanted.values)}`,
  classes: (wanted) => (wanted.length === 0 ? 'object classes are known' : `object class ${list(wanted)}`),
  moves: () => 'has a new parent',
  targetKinds: (wanted) => `names a ${list(wanted)}`,
  actorKinds: (wanted) => `acting is a ${list(wanted)}`,
  actor: (wanted) =>
    ({ target: 'acting is the named entry', other: 'acting is somebody else', unknown: 'nobody knows who acts' })[
      wanted
    ],
  actorPrivileged: () => 'acting is somebody privileged',
  targetPrivileged: () => 'names somebody privileged',
  targetDisabled: () => 'names somebody disabled',
  targetKnown: () => 'names somebody of the identity list',
  proxied: () => 'in the name of somebody else',
  extendedOids: (wanted) => `OID ${list(wanted)}`,
  scopes: (wanted) => `scope ${list(wanted)}`,
  closeReasons: (wanted) => `closed with ${list(wanted)}`,
  messageKinds: (wanted) => `message ${list(wanted)}`,
  methods: (wanted) => `method ${list(wanted)}`,
  mechanisms: (wanted) => `mechanism ${list(wanted)}`,
  transports: (wanted) => `transport ${list(wanted)}`,
  boundMethods: (wanted) => `bound by ${list(wanted)}`,
  resultCodes: (wanted) => `result ${list(wanted)}`,
  hasResult: (wanted) => (wanted ? 'has a result' : 'has no result'),
  texts: (wanted) => textPhrase('text', wanted),
  closeTexts: (wanted) => textPhrase('text of the close', wanted),
  messages: (wanted) => textPhrase('message', wanted),
  empty: () => 'no entry was returned',
  requestSeen: (wanted) => (wanted ? 'its request was seen' : 'its request was not seen'),
  since: (wanted) => `release ${wanted} or later`,
  controlsOver: (wanted) => `more than ${wanted} controls`,
};

function textPhrase(what: string, wanted: readonly string[]): string {
  if (wanted.length === 1 && wanted[0] === '') return `no ${what}`;
  const words = wanted.map((one) => (one.startsWith('*') ? `… ${code(one.slice(1))}` : `${code(one)} …`));
  return `${what} ${words.join(', ')}`;
}

function phrase(when: EventCondition): string {
  const parts = (Object.keys(when) as (keyof Conditions)[]).map((key) => phraseOf(key, when));
  return parts.length === 0 ? 'always' : parts.join('; ');
}

function phraseOf<K extends keyof Conditions>(key: K, when: Partial<Conditions>): string {
  const wanted: Conditions[K] | undefined = when[key];
  return wanted === undefined ? '' : phrases[key](wanted);
}
