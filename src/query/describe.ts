import { type FieldGroup, type FieldType, fieldOf, type Label } from '#event';
import { textClassOf } from './check-text.ts';
import { foldedLabels, type UnderLabel } from './condition.ts';
import { findField } from './field-name.ts';
import { parse } from './parse.ts';
import type { Node } from './tree.ts';

/** What an editor shows about a field: the pane beside the query bar (qql §7). */
export interface FieldHelp {
  readonly label: Label;
  readonly group: FieldGroup;
  readonly type: FieldType;
  readonly many: boolean;
  readonly about: string;
  /** A clause to copy. */
  readonly sample: string | undefined;
  readonly values: readonly string[];
  readonly operators: readonly OperatorHelp[];
}

export interface OperatorHelp {
  /** As it is typed behind the name. */
  readonly text: string;
  readonly about: string;
}

const everyField: readonly OperatorHelp[] = [
  { text: ' is null', about: 'absent or empty' },
  { text: ' is not null', about: 'has any value' },
];

const ordered: readonly OperatorHelp[] = [
  { text: ': ', about: 'equals; or a list [a, b], or a range [low .. high]' },
  { text: ' > ', about: 'above' },
  { text: ' >= ', about: 'at or above' },
  { text: ' < ', about: 'below' },
  { text: ' <= ', about: 'at or below' },
];

const under: OperatorHelp = { text: ' under ', about: 'is that entry or lies below it' };

const aboutMatching: Readonly<Record<'words' | 'enum' | 'identifier', string>> = {
  words: 'has that word, "those words side by side", or is `exactly that`',
  enum: 'is that word, ignoring case, or `exactly that`',
  identifier: 'is that, "starts so", or is `exactly that`',
};

/** Gives the operators a field takes, with what they mean for it. */
export function operatorsOf(label: Label): readonly OperatorHelp[] {
  const { type } = fieldOf(label);
  const textClass = textClassOf(type);
  if (textClass !== undefined) {
    const colon: OperatorHelp = { text: ': ', about: aboutMatching[textClass] };
    return isUnderLabel(label) ? [colon, under, ...everyField] : [colon, ...everyField];
  }
  if (type === 'boolean') return [{ text: ': ', about: 'true or false' }, ...everyField];
  return [...ordered, ...everyField];
}

function isUnderLabel(label: Label): label is UnderLabel {
  return label in foldedLabels;
}

/** Gives the help on a field. */
export function helpOn(label: Label): FieldHelp {
  const { group, type, many, about, sample, values } = fieldOf(label);
  return {
    label,
    group,
    type,
    many: many === true,
    about,
    sample: sample === undefined ? undefined : `${label}: ${sample}`,
    values: values ?? [],
    operators: operatorsOf(label),
  };
}

/** Gives the help on the field whose clause, or name, is at a position of a query text; undefined when there is none. */
export function describeAt(text: string, cursor: number): FieldHelp | undefined {
  const { root } = parse(text);
  let found: Label | undefined;
  const open: { readonly node: Node; readonly prefix: string }[] =
    root === undefined ? [] : [{ node: root, prefix: '' }];
  // A stack of our own, for a query may be a thousand levels deep.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, prefix } = next;
    if (cursor < node.span.start || cursor > node.span.end) continue;
    switch (node.kind) {
      case 'and':
      case 'or':
        for (const part of node.of) open.push({ node: part, prefix });
        break;
      case 'not':
      case 'group':
        open.push({ node: node.of, prefix });
        break;
      case 'nested':
        open.push({ node: node.of, prefix: `${prefix}${node.field.text}.` });
        break;
      case 'text':
        found ??= findField(prefix + text.slice(node.span.start, firstWordEnd(node)));
        break;
      case 'error':
        break;
      default:
        found ??= findField(prefix + node.field.text);
    }
  }
  return found === undefined ? undefined : helpOn(found);
}

function firstWordEnd(node: Extract<Node, { kind: 'text' }>): number {
  const { value } = node;
  return value.kind === 'bare' ? (value.words[0]?.span.end ?? node.span.end) : node.span.start;
}
