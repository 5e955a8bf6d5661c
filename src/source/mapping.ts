import type { Event, Label, Rec, RecKey } from '#event';

/** What a row can show or give: a value of a record or of an event. */
export type SampleValue = string | number | boolean | readonly string[];

/** One row of a mapping: which key of the record becomes which label, and how. Design §6. */
export interface MappingRow {
  /** Key of the record; the guide's source field. */
  readonly from: RecKey;
  readonly to: Label;
  /** Printed instead of the key where the guide names no source field: null prints as blank. */
  readonly sourceField?: string | null;
  /**
   * Makes the label's value; absent: the value is taken as it is. Is only asked when the record has the key, and gives
   * undefined to leave the label absent. The event is as the rows before have filled it.
   */
  readonly as?: (value: never, rec: Rec, event: Event) => Event[Label];
  /** What `as` does, for the printed guide: "128 becomes SIMPLE". */
  readonly rule?: string;
  /** The value when the record lacks the key: for what is the same for every record of the source. */
  readonly otherwise?: string | number | boolean;
  /** A value of the source, and the value the label must get from it; the test pushes it through. */
  readonly sample: SampleValue;
  readonly becomes?: SampleValue;
  /** Printed as the sample, where one value says too little. */
  readonly printedSample?: string;
  /** Further keys a record must have for the sample to go through. */
  readonly beside?: Partial<Rec>;
  readonly about: string;
  /** First release of the product that writes it. */
  readonly since?: string;
}

/**
 * All rows of a source. The guide's own rows come first, in the guide's order. Several rows may give one label: the
 * first that has a value wins.
 */
export interface Mapping {
  readonly guide: readonly MappingRow[];
  readonly extended: readonly MappingRow[];
  /** Keys of the record that no row takes on purpose, and why. */
  readonly left?: Readonly<Partial<Record<RecKey, string>>>;
  /**
   * Other names for keys of the record, as other writers of the same product's records use; compared ignoring case. Of
   * two names for one key the one written first here wins; of several keys for one name the first that is free.
   */
  readonly aliases?: Readonly<Record<string, RecKey | readonly RecKey[]>>;
}
