import { type EventLabels, numberOf, textOf, textsOf } from '../../api/event-value.ts';

/** What a line of the story is. */
export type LineKind = 'opening' | 'operation' | 'mark' | 'closing';

/** One line of a session's story: an operation with its answer, or something that happened to the connection. */
export interface StoryLine {
  readonly key: string;
  readonly kind: LineKind;
  /** Seconds since the first event of the session. */
  readonly at: number;
  /** Seconds until the answer; undefined when there is none. */
  readonly seconds: number | undefined;
  /** What was asked, in the product's word: BIND, SRCH. */
  readonly verb: string;
  /** DN or base it was about. */
  readonly target: string | undefined;
  /** Filter, changed attributes, method and the like. */
  readonly detail: string | undefined;
  readonly outcome: string | undefined;
  readonly resultName: string | undefined;
  /** Entries returned. */
  readonly entries: number | undefined;
  /** Identity in force once the line was over; undefined is anonymous. */
  readonly identity: string | undefined;
  /** What changed with this line, or what is missing. */
  readonly note: string | undefined;
  /** Seconds of silence before this line, when long enough to be drawn. */
  readonly pause: number | undefined;
  /** Event to open: the answer, else the request. */
  readonly eventId: string | undefined;
  /** Further records of the operation, as their own words. */
  readonly extras: readonly string[];
}

/** The story of a connection. */
export interface Story {
  readonly lines: readonly StoryLine[];
  /** Identities in the order they came into force; anonymous is undefined. */
  readonly identities: readonly (string | undefined)[];
  /** Epoch milliseconds of the first event. */
  readonly start: number;
  /** Seconds from the first event to the last. */
  readonly seconds: number;
  readonly beginningUnseen: boolean;
  readonly endUnseen: boolean;
}

const openings = new Set(['CONNECTION', 'HAPROXY', 'HAPROXY_SUCCESS', 'TLS', 'AUTOBIND']);
const closings = new Set(['UNBIND', 'DISCONNECT', 'TCP_ERROR']);
const requests = new Set(['BIND', 'SRCH', 'CMP', 'ADD', 'MOD', 'DEL', 'MODRDN', 'EXT']);
/** A silence is drawn from this many seconds on, when it is also this share of the whole. */
const pauseSecondsMin = 1;
const pauseShareMin = 0.05;

/** An operation as it is being put together. */
interface Draft {
  request: EventLabels | undefined;
  answer: EventLabels | undefined;
  readonly others: EventLabels[];
  readonly first: EventLabels;
}

/** Tells the story of a session from its events, oldest first: pairs requests with answers, follows the identity. */
export function tellSession(events: readonly EventLabels[]): Story {
  const [first] = events;
  const start = first === undefined ? 0 : momentOf(first);
  const seconds = events.reduce((last, event) => Math.max(last, momentOf(event) - start), 0) / 1_000;
  const drafts = gather(events);
  const identities: (string | undefined)[] = [];
  const lines: StoryLine[] = [];
  let before: string | undefined;
  let reached = 0;
  for (const [index, draft] of drafts.entries()) {
    const line = lineOf(draft, index, start, before, reached, seconds);
    if (lines.length === 0 || line.identity !== before) {
      if (!identities.includes(line.identity)) identities.push(line.identity);
    }
    before = line.identity;
    reached = Math.max(reached, line.at + (line.seconds ?? 0));
    lines.push(line);
  }
  return {
    lines,
    identities,
    start,
    seconds,
    beginningUnseen: events.length > 0 && !events.some((event) => textOf(event, 'eventSubType') === 'CONNECTION'),
    endUnseen: events.length > 0 && !events.some((event) => textOf(event, 'eventSubType') === 'DISCONNECT'),
  };
}

/** Epoch milliseconds with what is below them. */
function momentOf(event: EventLabels): number {
  return (numberOf(event, 'eventTime') ?? 0) + (numberOf(event, 'eventNanos') ?? 0) / 1_000_000;
}

/** Puts the records of one operation together; what belongs to none stands alone. */
function gather(events: readonly EventLabels[]): readonly Draft[] {
  const drafts: Draft[] = [];
  const open = new Map<string, Draft>();
  for (const event of events) {
    const number = operationOf(event);
    if (number === undefined) {
      drafts.push({ request: event, answer: undefined, others: [], first: event });
      continue;
    }
    let draft = open.get(number);
    if (draft === undefined || isNextOf(draft, event)) {
      draft = { request: undefined, answer: undefined, others: [], first: event };
      open.set(number, draft);
      drafts.push(draft);
    }
    add(draft, event);
  }
  return drafts;
}

function kindOf(event: EventLabels): string {
  return textOf(event, 'eventSubType') ?? '';
}

/** The number of the operation a record belongs to; undefined for what happens to the connection itself. */
function operationOf(event: EventLabels): string | undefined {
  const kind = kindOf(event);
  if (openings.has(kind) || closings.has(kind) || textOf(event, 'logName') !== 'access') return undefined;
  return textOf(event, 'operationNumber');
}

/** A number that is used again after its answer is another operation. */
function isNextOf({ request, answer }: Draft, event: EventLabels): boolean {
  return requests.has(kindOf(event)) && request !== undefined && answer !== undefined;
}

function add(draft: Draft, event: EventLabels): void {
  const kind = kindOf(event);
  if (kind === 'RESULT' && draft.answer === undefined) draft.answer = event;
  else if (requests.has(kind) && draft.request === undefined) draft.request = event;
  else draft.others.push(event);
}

function lineKind({ request, answer, first }: Draft): LineKind {
  const kind = kindOf(first);
  if (openings.has(kind)) return 'opening';
  if (closings.has(kind)) return 'closing';
  return request === undefined && answer === undefined ? 'mark' : 'operation';
}

/** Seconds until the answer, as the server measured them, else by the times of the two records. */
function secondsOf({ answer, first }: Draft): number | undefined {
  if (answer === undefined) return undefined;
  return numberOf(answer, 'duration') ?? (momentOf(answer) - momentOf(first)) / 1_000;
}

function verbOf({ request, answer, first }: Draft): string {
  if (request !== undefined) return kindOf(request);
  return textOf(answer ?? first, 'requestType') ?? kindOf(first);
}

function lineOf(
  draft: Draft,
  index: number,
  start: number,
  before: string | undefined,
  reached: number,
  whole: number,
): StoryLine {
  const { request, answer, first, others } = draft;
  const main = answer ?? request ?? first;
  const known = request ?? answer ?? first;
  const verb = verbOf(draft);
  const at = (momentOf(first) - start) / 1_000;
  const identity = textOf(main, 'boundDn');
  const pause = at - reached;
  return {
    key: textOf(first, 'eventId') ?? String(index),
    kind: lineKind(draft),
    at,
    seconds: secondsOf(draft),
    verb,
    target: textOf(known, 'distinguishedName') ?? textOf(known, 'requestContext'),
    detail: detailOf(known, main, verb),
    outcome: textOf(main, 'outcome'),
    resultName: textOf(main, 'resultName'),
    entries: answer === undefined ? undefined : numberOf(answer, 'count'),
    identity,
    note: noteOf(draft, before, identity, kindOf(first)),
    pause: pause >= pauseSecondsMin && pause >= whole * pauseShareMin ? pause : undefined,
    eventId: textOf(main, 'eventId'),
    extras: others.map(kindOf).filter((word) => word !== ''),
  };
}

function detailOf(known: EventLabels, main: EventLabels, verb: string): string | undefined {
  const parts: (string | undefined)[] = [];
  if (verb === 'BIND') parts.push(textOf(known, 'method'), textOf(known, 'saslMechanism'));
  else if (verb === 'SRCH') {
    parts.push(textOf(known, 'searchFilter'), textOf(known, 'searchScope'), attributesOf(known));
  } else if (verb === 'MODRDN') parts.push(textOf(known, 'newRdn'), textOf(known, 'newSuperior'));
  else if (verb === 'EXT') parts.push(textOf(known, 'extendedName') ?? textOf(known, 'extendedOid'));
  else if (verb === 'CMP') parts.push(textOf(known, 'compareAttribute'));
  else if (verb === 'TLS') parts.push(textOf(known, 'tlsVersion'), textOf(known, 'tlsCipher'));
  else if (verb === 'DISCONNECT') parts.push(textOf(known, 'closeReason'), textOf(known, 'closeText'));
  else if (verb === 'CONNECTION') parts.push(textOf(known, 'transport'));
  else parts.push(textsOf(known, 'changedAttributes').join(', ') || undefined, textOf(known, 'message'));
  const notes = textsOf(main, 'resultNotes');
  if (notes.length > 0) parts.push(`notes ${notes.join(' ')}`);
  const shown = parts.filter((part) => part !== undefined && part !== '');
  return shown.length === 0 ? undefined : shown.join(' · ');
}

function attributesOf(event: EventLabels): string | undefined {
  const asked = textsOf(event, 'requestedAttributes');
  if (asked.length === 0) return undefined;
  return asked.length > 3 ? `${asked.length} attributes` : asked.join(' ');
}

function noteOf(
  { request, answer, first }: Draft,
  before: string | undefined,
  identity: string | undefined,
  kind: string,
): string | undefined {
  const notes: string[] = [];
  if (identity !== before && identity !== undefined) notes.push('identity changes');
  if (identity === undefined && before !== undefined) notes.push('identity dropped');
  const isOperation = !openings.has(kind) && !closings.has(kind) && textOf(first, 'operationNumber') !== undefined;
  if (isOperation && answer !== undefined && request === undefined) notes.push('request not seen');
  if (isOperation && answer === undefined && request !== undefined && requests.has(kind)) notes.push('no answer seen');
  return notes.length === 0 ? undefined : notes.join(', ');
}
