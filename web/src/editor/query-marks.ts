import type { Clause, GroupedValue, Node, Scalar, Tree, Value } from '#query';

/** A piece of a query text and what it is. */
export interface QueryMark {
  readonly from: number;
  readonly to: number;
  readonly kind: 'field' | 'value' | 'word';
}

/** Most pieces marked: past that the rest stays plain. */
const marksMax = 2_000;

/** Gives the pieces of a query in the order of the text: names, values, and the words between. */
export function marksOf(tree: Tree): readonly QueryMark[] {
  const marks: QueryMark[] = [];
  const open: Node[] = tree.root === undefined ? [] : [tree.root];
  // A stack of our own, for a query may be a thousand levels deep.
  for (let node = open.pop(); node !== undefined && marks.length < marksMax; node = open.pop()) {
    switch (node.kind) {
      case 'and':
      case 'or':
        open.push(...node.of);
        break;
      case 'not':
        marks.push({ from: node.span.start, to: Math.min(node.span.start + 3, node.of.span.start), kind: 'word' });
        open.push(node.of);
        break;
      case 'group':
        open.push(node.of);
        break;
      case 'nested':
        marks.push({ from: node.field.span.start, to: node.field.span.end, kind: 'field' });
        open.push(node.of);
        break;
      case 'clause':
        clauseMarks(node, marks);
        break;
      case 'null':
        marks.push({ from: node.field.span.start, to: node.field.span.end, kind: 'field' });
        marks.push({ from: node.field.span.end, to: node.span.end, kind: 'word' });
        break;
      case 'under':
        marks.push({ from: node.field.span.start, to: node.field.span.end, kind: 'field' });
        marks.push({ from: node.field.span.end, to: node.value.span.start, kind: 'word' });
        marks.push({ from: node.value.span.start, to: node.value.span.end, kind: 'value' });
        break;
      case 'text':
        marks.push({ from: node.span.start, to: node.span.end, kind: 'value' });
        break;
      case 'error':
        break;
    }
  }
  for (const match of tree.text.matchAll(/\b(?:and|or)\b/gi)) {
    const from = match.index;
    const to = from + match[0].length;
    if (!marks.some((mark) => mark.from < to && from < mark.to)) marks.push({ from, to, kind: 'word' });
    if (marks.length >= marksMax) break;
  }
  return marks.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from || one.to - other.to);
}

function clauseMarks(node: Clause, marks: QueryMark[]): void {
  marks.push({ from: node.field.span.start, to: node.field.span.end, kind: 'field' });
  valueMarks(node.value, marks);
}

function valueMarks(value: Value | Scalar | GroupedValue, marks: QueryMark[]): void {
  if (value.kind === 'error') return;
  marks.push({ from: value.span.start, to: value.span.end, kind: 'value' });
}
