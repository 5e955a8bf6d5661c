import { indicatorColumns, listColumns } from './columns.ts';
import type { FirstRows } from './first-rows.ts';
import { severityOf, type ThreatSeverity } from './indicator.ts';
import { hourMs, type Part } from './part.ts';
import type { FileContent } from './read-file.ts';
import { type Row, readTable } from './read-table.ts';
import { listIn, numberIn, textIn, words } from './row-values.ts';
import { SkippedRows } from './skipped-rows.ts';

/** What is said about a list as a whole, where its entries say nothing themselves. */
export interface ListTerms {
  readonly confidence: number | undefined;
  readonly severity: ThreatSeverity | undefined;
  readonly labels: readonly string[];
  /** How often the list is renewed, in milliseconds. */
  readonly refreshMs: number | undefined;
}

/** Terms of lists, by list name in lower case. */
export interface ListTermsPart extends Part {
  readonly kind: 'intelligence-lists';
  readonly terms: ReadonlyMap<string, ListTerms>;
}

/** Terms of a list that nobody said anything about. */
export const noTerms: ListTerms = { confidence: undefined, severity: undefined, labels: [], refreshMs: undefined };

const refreshHoursMax = 24 * 365;

/** Reads what is said about lists: `list`, and `confidence`, `severity`, `labels`, `tlp`, `refreshHours` as wished. */
export async function readListTerms(content: FileContent, first?: FirstRows): Promise<ListTermsPart> {
  const table = await readTable(content);
  first?.keepTable(table);
  const terms = new Map<string, ListTerms>();
  const skipped = new SkippedRows();
  for (const row of table.rows) {
    const list = textIn(row, ...listColumns.list.names);
    if (list === undefined) skipped.add(row.at, 'no list');
    else terms.set(list.toLowerCase(), termsOf(row));
  }
  return {
    kind: 'intelligence-lists',
    source: `${content.name}@${content.version}`,
    terms,
    entries: terms.size,
    ...skipped.told(content, table.exceeded),
  };
}

function termsOf(row: Row): ListTerms {
  const hours = numberIn(row, 1, refreshHoursMax, ...listColumns.refresh.names);
  return {
    confidence: numberIn(row, 0, 100, ...listColumns.confidence.names),
    severity: severityOf(textIn(row, ...listColumns.severity.names)),
    labels: labelsIn(row),
    refreshMs: hours === undefined ? undefined : hours * hourMs,
  };
}

/** Labels of a row; the traffic light is one of them. */
export function labelsIn(row: Row): readonly string[] {
  const light = textIn(row, ...indicatorColumns.light.names)?.toLowerCase();
  const labels = listIn(row, words, ...indicatorColumns.labels.names);
  return light === undefined ? labels : [...labels, light.startsWith('tlp') ? light : `tlp:${light}`];
}
