import type { Address } from '#event';
import { push } from './assets.ts';
import { indicatorColumns, periodColumns } from './columns.ts';
import type { FirstRows } from './first-rows.ts';
import { coveredBy, type Indicator, isOtherKind, severityOf } from './indicator.ts';
import { type ListTerms, labelsIn } from './intelligence-lists.ts';
import { indicatorsMax } from './limits.ts';
import type { ListEntries, ListEntry } from './list-entry.ts';
import { dayMs, type Part } from './part.ts';
import { PrefixTree } from './prefix-tree.ts';
import type { FileContent } from './read-file.ts';
import { decode, invalid, paced, type Row, readTable } from './read-table.ts';
import { numberIn, periodIn, textIn } from './row-values.ts';
import { SkippedRows } from './skipped-rows.ts';
import { isStix, readStix } from './stix.ts';

/** One intelligence list: addresses in a map, blocks and ranges in a tree (taxonomy §10). */
export interface IntelligencePart extends Part {
  readonly kind: 'intelligence';
  readonly list: string;
  readonly byAddress: ReadonlyMap<string, readonly Indicator[]>;
  readonly byBlock: PrefixTree<Indicator>;
  /** Indicators of other kinds, or with conditions: kept by the list, matched by nothing here. */
  readonly unmatchable: number;
}

/** How long an address is held against anybody when its list sets no end. */
export const validityMax: number = 30 * dayMs;

/** All indicators that name an address: the address itself, then blocks from the widest to the narrowest. */
export function indicatorsOf(address: Address, lists: readonly IntelligencePart[]): readonly Indicator[] {
  return lists.flatMap((list) => [...(list.byAddress.get(address.text) ?? []), ...list.byBlock.covering(address)]);
}

/**
 * Reads a list: plain (one address, block or range a line; `#` and `;` begin comments), CSV or JSON with a column
 * `indicator`, or STIX 2.1. Throws `enrichment-file-invalid`.
 */
export async function readIntelligence(
  content: FileContent,
  terms: ListTerms,
  first?: FirstRows,
): Promise<IntelligencePart> {
  const found = await readEntries(content);
  const skipped = new SkippedRows();
  const builder = new ListBuilder(content, terms, skipped);
  let exceeded = 0;
  for await (const entry of paced(first?.keepEntries(found.entries) ?? found.entries)) {
    if (builder.entries < indicatorsMax) builder.add(entry);
    else exceeded++;
  }
  const known = builder.entries + builder.unmatchable + found.unmatchable;
  if (known === 0 && skipped.count > 0) throw invalid(content, 'it holds no address, block or range');
  if (content.bytes.length === 0) throw invalid(content, 'it is empty; a list without entries has a comment at least');
  return {
    kind: 'intelligence',
    list: content.name,
    source: builder.source,
    byAddress: builder.byAddress,
    byBlock: builder.byBlock,
    entries: builder.entries,
    unmatchable: builder.unmatchable + found.unmatchable,
    ...skipped.told(content, found.exceeded + exceeded),
    ...(terms.refreshMs === undefined ? {} : { staleAfter: content.changed + 3 * terms.refreshMs }),
  };
}

class ListBuilder {
  readonly byAddress = new Map<string, Indicator[]>();
  readonly byBlock = new PrefixTree<Indicator>();
  readonly source: string;
  entries = 0;
  unmatchable = 0;
  readonly #content: FileContent;
  readonly #terms: ListTerms;
  readonly #skipped: SkippedRows;
  readonly #until: number;

  constructor(content: FileContent, terms: ListTerms, skipped: SkippedRows) {
    this.#content = content;
    this.#terms = terms;
    this.#skipped = skipped;
    this.source = `${content.name}@${content.version}`;
    const life = terms.refreshMs === undefined ? validityMax : Math.min(validityMax, 3 * terms.refreshMs);
    this.#until = content.changed + life;
  }

  add(entry: ListEntry): void {
    const covered = coveredBy(entry.value);
    if (covered === undefined) {
      if (isOtherKind(entry.value)) this.unmatchable++;
      else this.#skipped.add(entry.at, `"${entry.value.slice(0, 64)}" is no address, block or range`);
      return;
    }
    const indicator = this.#indicator(entry);
    this.entries++;
    if (covered.kind === 'address') push(this.byAddress, covered.address.text, indicator);
    else if (covered.kind === 'block') this.byBlock.add(covered.block, indicator);
    else this.byBlock.addRange(covered.range, indicator);
  }

  #indicator(entry: ListEntry): Indicator {
    const terms = this.#terms;
    return {
      value: entry.value,
      list: this.#content.name,
      confidence: entry.confidence ?? terms.confidence,
      severity: entry.severity ?? terms.severity,
      labels:
        entry.labels === undefined || entry.labels.length === 0 ? terms.labels : [...terms.labels, ...entry.labels],
      from: entry.from ?? Number.NEGATIVE_INFINITY,
      until: entry.until ?? this.#until,
      source: this.source,
    };
  }
}

/** Reads what a list holds, whatever its form. Throws `enrichment-file-invalid`. */
async function readEntries(content: FileContent): Promise<ListEntries> {
  const { extension } = content;
  if (extension === 'csv' || extension === 'tsv') return await readRows(content);
  const head = content.bytes.subarray(0, 256).toString('latin1').trimStart();
  if (head.startsWith('{') || head.startsWith('[')) {
    const text = decode(content);
    return isStix(text) ? readStix(content, text) : await readRows(jsonLines(content, text));
  }
  return readPlain(decode(content));
}

/** Objects one a line are read as such, whatever the file is called. */
function jsonLines(content: FileContent, text: string): FileContent {
  return /^\s*\{[^\n]*\}\s*(?:\n|$)/.test(text) ? { ...content, extension: 'jsonl' } : content;
}

async function readRows(content: FileContent): Promise<ListEntries> {
  const table = await readTable(content);
  if (table.rows.length > 0 && !indicatorColumns.value.names.some((column) => table.rows[0]?.values.has(column))) {
    // Many lists call themselves CSV and have neither a head nor a second column.
    return readPlain(decode(content));
  }
  const entries = table.rows.flatMap((row) => entryOf(row) ?? []);
  return { entries, unmatchable: 0, exceeded: table.exceeded };
}

function entryOf(row: Row): ListEntry | undefined {
  const value = textIn(row, ...indicatorColumns.value.names);
  if (value === undefined) return undefined;
  const period = periodIn(row, Number.NaN);
  const from = textIn(row, ...periodColumns.from.names);
  const until = textIn(row, ...periodColumns.until.names);
  const bounds = {
    ...(from === undefined || period === undefined ? {} : { from: period.from }),
    ...(until === undefined || period === undefined ? {} : { until: period.until }),
  };
  return {
    at: row.at,
    value,
    confidence: numberIn(row, 0, 100, ...indicatorColumns.confidence.names),
    severity: severityOf(textIn(row, ...indicatorColumns.severity.names)),
    labels: labelsIn(row),
    ...bounds,
  };
}

function readPlain(text: string): ListEntries {
  return { entries: plainEntries(text), unmatchable: 0, exceeded: 0 };
}

function* plainEntries(text: string): Generator<ListEntry> {
  let line = 0;
  for (let from = 0; from < text.length; ) {
    line++;
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const words = (/^[^#;]*/.exec(text.slice(from, end))?.[0] ?? '').trim();
    from = end + 1;
    if (words === '') continue;
    // A range may have blanks around its hyphen; anything else ends at the first blank or comma.
    const range = /^(\S+)\s+-\s+(\S+)/.exec(words);
    yield { at: line, value: range === null ? (words.split(/[\s,]/, 1)[0] ?? '') : `${range[1]}-${range[2]}` };
  }
}
