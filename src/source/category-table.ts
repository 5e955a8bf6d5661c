import type { CategoryType, Outcome } from '#event';

/**
 * What a rule asks of an event. All conditions that are given must hold; of a list, one item is enough. Words are
 * compared as they are; DNs, attributes, object classes and values in folded form.
 *
 * A DN pattern is a DN whose RDNs may have the value `*`, and that may end in `*`: any suffix.
 * `uid=*,ou=people,*` is every entry that is named by uid and lies right below an `ou=people`.
 */
export interface EventCondition {
  /** Request that the record makes or answers: of a RESULT the verb of its request, else the record's own word. */
  readonly requests?: readonly string[];
  /** The record's own word, e.g. RESULT. */
  readonly records?: readonly string[];
  readonly logs?: readonly string[];
  /** Category and type that the event has got; for tags only. */
  readonly types?: readonly CategoryType[];
  /** The server itself made the operation. */
  readonly internal?: true;

  /** The named DN is such an entry. */
  readonly entry?: readonly string[];
  /** The named DN is such an entry or lies below one. */
  readonly under?: readonly string[];
  /** Whether the record names a DN that is not empty. */
  readonly namesDn?: boolean;
  /** One of these attributes is changed; a `*` at the end stands for the rest of the name. */
  readonly touches?: readonly string[];
  /** One of these attributes gets a value. */
  readonly gains?: readonly string[];
  /** One of these attributes loses values and gets none. */
  readonly loses?: readonly string[];
  /** One of the attributes gets one of the values; a `*` at either end of a value stands for anything. */
  readonly sets?: { readonly attributes: readonly string[]; readonly values: readonly string[] };
  /** As `sets`, for values that are taken away. */
  readonly unsets?: { readonly attributes: readonly string[]; readonly values: readonly string[] };
  /** The entry has one of these object classes; the empty list: it has any at all. */
  readonly classes?: readonly string[];
  /** The rename has a new parent. */
  readonly moves?: true;

  /** Kind of the named identity (context group). */
  readonly targetKinds?: readonly string[];
  readonly actorKinds?: readonly string[];
  /** Who acts: the named entry itself, somebody else, or nobody can tell. */
  readonly actor?: 'target' | 'other' | 'unknown';
  readonly actorPrivileged?: true;
  readonly targetPrivileged?: true;
  readonly targetDisabled?: true;
  /** The named identity stands in the identity list. */
  readonly targetKnown?: true;
  readonly proxied?: true;

  readonly extendedOids?: readonly string[];
  readonly scopes?: readonly string[];
  readonly closeReasons?: readonly string[];
  /** As `texts`, for what is printed with a close. */
  readonly closeTexts?: readonly string[];
  readonly messageKinds?: readonly string[];
  readonly methods?: readonly string[];
  readonly mechanisms?: readonly string[];
  readonly transports?: readonly string[];
  readonly boundMethods?: readonly string[];
  readonly resultCodes?: readonly number[];
  /** Whether the record has a result code. */
  readonly hasResult?: boolean;
  /** Text of the result or request begins so, or holds what stands behind a `*`; the empty text: there is none. */
  readonly texts?: readonly string[];
  /** The same for the message of a security or error record. */
  readonly messages?: readonly string[];
  /** No entry was returned. */
  readonly empty?: true;
  /** Whether the request of this RESULT was seen. */
  readonly requestSeen?: boolean;
  /** At least this release; holds only where the release is known. */
  readonly since?: string;
  /** More controls than this. */
  readonly controlsOver?: number;
}

/** Gives the category. Rules are tried in order, the first that fits decides (taxonomy §3.4). */
export interface CategoryRule {
  /** Number of the step, as printed. */
  readonly step: string;
  readonly about: string;
  readonly when: EventCondition;
  /** Category and type; by request where it differs. */
  readonly is: CategoryType | Readonly<Record<string, CategoryType>>;
  /** OCSF activity, where it is another than the one of the category and type. */
  readonly ocsfActivityId?: number;
  /** `low` where nothing but the name of an entry, or a guess, speaks for it. */
  readonly confidence?: 'low';
}

/** Gives outcome and reason. Rules are tried in order, the first that fits decides (taxonomy §6). */
export interface OutcomeRule {
  readonly when: EventCondition;
  readonly outcome: Outcome;
  /** Short code from a closed list. */
  readonly reason?: string;
  readonly about?: string;
}

/** Gives a tag; every rule that fits adds its own. */
export interface TagRule {
  readonly tag: string;
  readonly about: string;
  readonly when: EventCondition;
}

/** What decides on categories, outcomes and tags of a source, as data. `src/categorize` compiles and prints it. */
export interface CategoryTable {
  readonly version: string;
  readonly categories: readonly CategoryRule[];
  readonly outcomes: readonly OutcomeRule[];
  readonly tags: readonly TagRule[];
  /** Records that are told by the request they answer. */
  readonly answers: readonly string[];
  /** Requests that change entries: without details of the change, their category rests on the name alone. */
  readonly changeRequests: readonly string[];
  /** Logs whose records always carry what was changed. */
  readonly detailedLogs: readonly string[];
  /** Least severity of records, by their own word: the severity words of an error log. */
  readonly severities: Readonly<Record<string, number>>;
  /** Log whose records these are; `error` unless named. */
  readonly severityLog?: string;
  /** Reasons, each with its meaning. */
  readonly reasons: Readonly<Record<string, string>>;
}
