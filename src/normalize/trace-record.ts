import { createEvent, type Event, type Label, type Rec, type RecKey } from '#event';
import type { MappingRow, Source } from '#source';
import { compileMapping, type MapRecord, rowsOf } from './compile-mapping.ts';

/** What one row of the mapping made of a record. */
export interface TraceRow {
  /** Key of the record. */
  readonly from: RecKey;
  /** The guide's name of it; null where the guide names none. */
  readonly sourceField: string | null;
  readonly to: Label;
  readonly group: 'guide' | 'extended';
  /** What the record had there; undefined when it had nothing, and the row gave what is the same for all records. */
  readonly value: Rec[RecKey];
  /** What the label became; undefined when the row left it absent. */
  readonly gave: Event[Label];
  /** What the row does to the value. */
  readonly rule: string | undefined;
  readonly about: string;
}

/** Tells, row by row, what the mapping makes of a record. */
export type TraceRecord = (rec: Rec) => readonly TraceRow[];

/**
 * Makes the tracer of a source. It runs the same compiled rows as the normalizer, one at a time, so what it tells is
 * what happens. Rows whose key the record lacks are left out.
 */
export function createTracer(source: Source): TraceRecord {
  const guide = new Set<MappingRow>(source.mapping.guide);
  const steps = rowsOf(source.mapping).map((row) => ({
    row,
    group: guide.has(row) ? ('guide' as const) : ('extended' as const),
    run: compileMapping({ guide: [row], extended: [] }),
  }));
  return (rec) => {
    const event = createEvent();
    const trace: TraceRow[] = [];
    for (const { row, group, run } of steps) {
      // Of several rows for one label the first that has a value wins.
      if (event[row.to] !== undefined) continue;
      runSafely(run, rec, event);
      const value = rec[row.from];
      const gave = event[row.to];
      if (value === undefined && gave === undefined) continue;
      const sourceField = row.sourceField === undefined ? row.from : row.sourceField;
      trace.push({ from: row.from, sourceField, to: row.to, group, value, gave, rule: row.rule, about: row.about });
    }
    return trace;
  };
}

/** A row that throws is a bug that the normalizer reports; here its label just stays absent. */
function runSafely(run: MapRecord, rec: Rec, event: Event): void {
  try {
    run(rec, event);
  } catch {
    // The trace shows that the row gave nothing.
  }
}
