import type { Address } from '#event';
import { coveredBy } from './indicator.ts';
import type { Part } from './part.ts';
import { PrefixTree } from './prefix-tree.ts';
import type { FileContent } from './read-file.ts';
import { decode } from './read-table.ts';
import { SkippedRows } from './skipped-rows.ts';
import { blockOf } from './zones.ts';

/** Addresses that intelligence lists may not name: the own ones, resolvers, partners. */
export interface IgnorePart extends Part {
  readonly kind: 'intelligence-ignore';
  readonly tree: PrefixTree<true>;
}

/** Whether any list of exceptions holds the address. */
export function isIgnored(address: Address, lists: readonly IgnorePart[]): boolean {
  return lists.some((list) => list.tree.longest(address) === true);
}

/** Reads one address, block or range a line; `#` and `;` begin comments. */
export function readIgnored(content: FileContent): IgnorePart {
  const tree = new PrefixTree<true>();
  const skipped = new SkippedRows();
  let entries = 0;
  for (const [index, line] of decode(content).split('\n').entries()) {
    const text = (/^[^#;]*/.exec(line)?.[0] ?? '').trim();
    if (text === '') continue;
    const block = blockOf(text);
    const covered = block === undefined ? coveredBy(text) : undefined;
    if (block !== undefined) tree.add(block, true);
    else if (covered?.kind === 'range') tree.addRange(covered.range, true);
    else {
      skipped.add(index + 1, `"${text.slice(0, 64)}" is no address, block or range`);
      continue;
    }
    entries++;
  }
  const source = `${content.name}@${content.version}`;
  return { kind: 'intelligence-ignore', source, tree, entries, ...skipped.told(content) };
}
