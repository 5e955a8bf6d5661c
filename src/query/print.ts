import { findField } from './field-name.ts';
import { isBlank } from './reader.ts';
import { nameAt } from './scalars.ts';
import type { BareValue, GroupedValue, Name, Node, Operator, RangeValue, Scalar, Tree, Value } from './tree.ts';

/**
 * Prints a tree in the one canonical way: labels in their own casing, lower-case connectives, two dots, bracket lists,
 * straight quotes. Parsing the result gives the same tree again, but for positions. Error nodes print as the text that
 * stands there.
 */
export function print(tree: Tree): string {
  const out: string[] = [];
  if (tree.root !== undefined) printNode(tree.root, { out, text: tree.text, prefix: '' });
  return out.join('');
}

/** Where to print to, the text printed from, and the prefix of names around. */
interface Printer {
  readonly out: string[];
  readonly text: string;
  readonly prefix: string;
}

function printNode(node: Node, printer: Printer): void {
  const { out } = printer;
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const [index, part] of node.of.entries()) {
        if (index > 0) out.push(` ${node.kind} `);
        printNode(part, printer);
      }
      break;
    case 'not':
      printNot(node.of, printer);
      break;
    case 'group':
      out.push('(');
      printNode(node.of, printer);
      out.push(')');
      break;
    case 'clause':
      out.push(printNameWith(node.operator, printName(node.field, printer)));
      printValue(node.value, printer);
      break;
    case 'nested':
      out.push(printName(node.field, printer), ': (');
      printNode(node.of, { ...printer, prefix: `${printer.prefix}${node.field.text}.` });
      out.push(')');
      break;
    case 'null':
      out.push(printName(node.field, printer), ' is null');
      break;
    case 'under':
      out.push(printName(node.field, printer), ' under ');
      printValue(node.value, printer);
      break;
    case 'text':
      out.push(scalarText(node.value, printer.text));
      break;
    case 'error':
      out.push(printer.text.slice(node.span.start, node.span.end));
      break;
  }
}

/** `not (field is null)` reads better as `field is not null`. */
function printNot(of: Node, printer: Printer): void {
  if (of.kind === 'null') printer.out.push(printName(of.field, printer), ' is not null');
  else {
    printer.out.push('not ');
    printNode(of, printer);
  }
}

/** A comparison behind what is no name, but stands before a colon and is meant as one, keeps its colon. */
function printNameWith(operator: Operator, name: string): string {
  if (operator === ':') return `${name}: `;
  return nameAt(name, 0) === name ? `${name} ${operator} ` : `${name}: ${operator} `;
}

function printName({ text }: Name, { prefix }: Printer): string {
  // Within a nested query the name alone is no label, and stays as it was written.
  return prefix === '' ? (findField(text) ?? text) : text;
}

function printValue(value: Value, printer: Printer): void {
  const { out, text } = printer;
  switch (value.kind) {
    case 'range':
      printRange(value, printer);
      break;
    case 'list':
      out.push(`[${value.items.map((item) => scalarText(item, text)).join(', ')}]`);
      break;
    case 'value-group':
      out.push('(');
      printGrouped(value.of, printer);
      out.push(')');
      break;
    case 'error':
      out.push(text.slice(value.span.start, value.span.end));
      break;
    default:
      out.push(scalarText(value, text));
  }
}

function printRange({ low, high, lowIncluded, highIncluded }: RangeValue, { out, text }: Printer): void {
  const bounds = [low === undefined ? '' : scalarText(low, text), high === undefined ? '' : scalarText(high, text)];
  out.push(`${lowIncluded ? '[' : '('}${bounds.join(' .. ').trim()}${highIncluded ? ']' : ')'}`);
}

function printGrouped(value: GroupedValue, printer: Printer): void {
  const { out } = printer;
  switch (value.kind) {
    case 'and':
    case 'or':
      for (const [index, part] of value.of.entries()) {
        if (index > 0) out.push(` ${value.kind} `);
        printGrouped(part, printer);
      }
      break;
    case 'not':
      out.push('not ');
      printGrouped(value.of, printer);
      break;
    case 'group':
      out.push('(');
      printGrouped(value.of, printer);
      out.push(')');
      break;
    default:
      printValue(value, printer);
  }
}

function scalarText(value: Scalar, text: string): string {
  if (value.kind === 'bare') return printBare(value, text);
  return value.kind === 'exact' ? quoteExact(value.text) : quotePhrase(value.text);
}

/** Writes a text as an exact value. */
export function quoteExact(text: string): string {
  return `\`${text.replaceAll('`', '\\`')}\``;
}

/** Writes a text as a phrase. */
export function quotePhrase(text: string): string {
  return `"${text.replaceAll(/["“”\\]/g, '\\$&')}"`;
}

/** Words stand as they were written, a blank between them. */
function printBare(value: BareValue, text: string): string {
  return value.words.map(({ span }) => text.slice(span.start, span.end)).join(' ');
}

/** Whether a text can stand as a bare word, meaning itself. */
export function canStandBare(text: string): boolean {
  if (text === '' || /^(?:and|or|not|is|in|null|under)$/i.test(text) || /^[=<>]/.test(text)) return false;
  if (/[()[\]"'`:“”‘’\\*?,]|\.\./.test(text)) return false;
  for (let at = 0; at < text.length; at++) if (isBlank(text.charCodeAt(at))) return false;
  return true;
}
