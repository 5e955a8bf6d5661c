/** A category and the verb of what happened in it (taxonomy §3.1, §3.2). */
export type Verdict = readonly [category: string, type: string];

/** Outcome and reason (taxonomy §6). */
export interface Ending {
  readonly outcome: 'success' | 'failure' | 'denied' | 'partial' | 'pending' | 'unknown';
  readonly reason?: string;
}

/** What a result code means, and what it means for a bind where that differs. */
export interface ResultMeaning extends Ending {
  readonly bind?: Ending;
  /** Outcome when the answer holds no entries. */
  readonly empty?: Ending['outcome'];
}

/** Tells the reason of a result more exactly, by what else the record says. All conditions that are given must hold. */
export interface ReasonRule {
  readonly code: number;
  /** Only for binds. */
  readonly bind?: true;
  /** The server's text begins so; the empty text: there is none. */
  readonly text?: string;
  /** Only with this method. */
  readonly method?: string;
  readonly ending: Ending;
}

/** Which way a change went, by the operation on the attribute that decided. */
export type Direction = 'add' | 'delete' | 'replace';

/** A rule on changes of entries; the first that fits decides (taxonomy §3.4). All conditions that are given must hold. */
export interface ChangeRule {
  readonly name: string;
  /** The entry is one of these, or lies below one; folded DNs. */
  readonly under?: readonly string[];
  /** One of these stands in the folded DN. */
  readonly dnHolds?: readonly string[];
  /** One of these attributes is changed, lower case; a `*` at the end stands for the rest of the name. */
  readonly attributes?: readonly string[];
  /** The entry has one of these object classes, lower case. */
  readonly classes?: readonly string[];
  /** The entry is of one of these kinds, told by its DN. */
  readonly kinds?: readonly string[];
  /** Only for these requests. */
  readonly verbs?: readonly string[];
  readonly category: string;
  /** The type: fixed, by the direction of the deciding attribute, by its value, by who acts, or by the request. */
  readonly type:
    | string
    | { readonly byDirection: Readonly<Record<Direction, string>> }
    | { readonly byValue: Readonly<Record<string, string>>; readonly otherwise: string }
    | { readonly own: string; readonly other: string }
    | { readonly byVerb: Readonly<Record<string, string>> };
}

/** Category rules of a source, as data; `src/categorize` compiles them. */
export interface CategoryTable {
  readonly version: string;
  /** By `logName/eventSubType`, or by `eventSubType` alone. A RESULT is looked up by its request. */
  readonly kinds: Readonly<Record<string, Verdict>>;
  /** Search scopes that make a search something else. */
  readonly scopes: Readonly<Record<string, Verdict>>;
  /** By recognized message of the error log. */
  readonly messages: Readonly<Record<string, Verdict>>;
  /** By OID of an extended operation; any other is `extended`. */
  readonly extended: Readonly<Record<string, Verdict>>;
  readonly extendedOtherwise: Verdict;
  /** By close code: what the close was, and how it ended. */
  readonly closes: Readonly<Record<string, { readonly verdict: Verdict; readonly ending: Ending }>>;
  /** Changes of entries: ADD, MOD, DEL, MODRDN. */
  readonly changes: readonly ChangeRule[];
  readonly changeOtherwise: ChangeRule;
  /** What identities of replicas do. */
  readonly replication: Readonly<Record<string, Verdict>>;
  readonly results: Readonly<Record<number, ResultMeaning>>;
  readonly reasons: readonly ReasonRule[];
  /** Outcome of records that carry no result code, by `logName/eventSubType` or `eventSubType`. */
  readonly endings: Readonly<Record<string, Ending>>;
  /** Reason by the message of a security record. */
  readonly securityReasons: Readonly<Record<string, Ending>>;
  /** OCSF 1.8 class and activity of every category and type, as `category/type`. */
  readonly ocsf: Readonly<Record<string, readonly [classUid: number, activityId: number]>>;
  /** Least severity by category and by `category/type`. */
  readonly severities: Readonly<Record<string, number>>;
}
