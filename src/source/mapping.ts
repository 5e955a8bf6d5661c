import type { Event, Label, Rec, RecKey } from '#event';

/** One row of a mapping: which key of the record becomes which label, and how. Design §6. */
export interface MappingRow {
  /** Key of the record; the guide's source field. */
  readonly from: RecKey;
  readonly to: Label;
  /** Printed instead of the key where the guide names no source field: null prints as blank. */
  readonly sourceField?: string | null;
  /** Makes the label's value; absent: the value is taken as it is. Returns undefined to leave the label absent. */
  readonly as?: (value: never, rec: Rec, event: Event) => Event[Label];
  /** What `as` does, for the printed guide: "128 becomes SIMPLE". */
  readonly rule?: string;
  /** A value of the source, and the value the label must get from it; the test pushes it through. */
  readonly sample: string | number | boolean | readonly string[];
  readonly becomes?: string | number | boolean | readonly string[];
  readonly about: string;
  /** First release of the product that writes it. */
  readonly since?: string;
}

/** All rows of a source. The guide's own rows come first, in the guide's order. */
export interface Mapping {
  readonly guide: readonly MappingRow[];
  readonly extended: readonly MappingRow[];
}
