import { type AddressRange, compareAddresses, type FieldType, fieldOf, labels } from '#event';
import { neighbour, readAddresses, takesFamily, wholeFamily } from './check-address.ts';
import { type Interval, numberCondition, readNumber } from './check-number.ts';
import { textClassOf, textCondition } from './check-text.ts';
import { type Checker, countTest, fail, hasWildcard, isAnyValue, plainText, type ResolvedField } from './checker.ts';
import type { Condition, Range } from './condition.ts';
import { readDate } from './date.ts';
import type { Operator, RangeValue, Scalar, Span } from './tree.ts';

const never: Condition = { kind: 'never' };

/** Makes the condition for one value behind `:`, `=` or a comparison. */
export function scalarCondition(checker: Checker, field: ResolvedField, operator: Operator, value: Scalar): Condition {
  const { label } = field;
  const { type } = fieldOf(label);
  const compares = operator !== ':' && operator !== '=';
  if (textClassOf(type) !== undefined) {
    return compares ? failOrder(checker, field, value.span, operator) : textCondition(checker, label, value);
  }
  if (!countTest(checker, value.span)) return never;
  if (isAnyValue(value) && !compares) return { kind: 'present', label };
  if (type === 'boolean')
    return compares ? failOrder(checker, field, value.span, operator) : booleanCondition(checker, field, value);
  if (isAddressType(type)) {
    const range = addressesOf(checker, field, value);
    return range === undefined ? never : addressComparison(field, operator, range);
  }
  const interval = intervalOf(checker, field, value);
  return interval === undefined ? never : rangeCondition(field, compared(operator, interval));
}

function failOrder(checker: Checker, { label }: ResolvedField, span: Span, operator: string): Condition {
  const { type } = fieldOf(label);
  return fail(checker, 'bad-operator', span, {
    expected: `":" with ${label}, which has no order (it is of type ${type})`,
    found: operator === 'a range' ? operator : `"${operator}"`,
    field: label,
  });
}

function booleanCondition(checker: Checker, { label }: ResolvedField, value: Scalar): Condition {
  if (hasWildcard(value)) return failWildcard(checker, value, 'true or false');
  const text = plainText(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return { kind: 'boolean', label, value: text === 'true' };
  return fail(checker, 'bad-type', value.span, { expected: `true or false for ${label}`, field: label });
}

function failWildcard(checker: Checker, value: Scalar, expected: string): Condition {
  return fail(checker, 'bad-wildcard', value.span, { expected: `${expected}, without wildcards` });
}

/** Numbers and instants: what one value covers, in the field's units. */
function intervalOf(checker: Checker, field: ResolvedField, value: Scalar): Interval | undefined {
  const instant = fieldOf(field.label).type === 'instant';
  if (hasWildcard(value)) {
    failWildcard(checker, value, instant ? 'a date' : 'a number');
    return undefined;
  }
  if (!instant) return readNumber(checker, field, value);
  const date = readDate(plainText(value).trim(), checker.clock);
  if ('start' in date) return { low: date.start, high: date.end - 1n };
  fail(checker, 'bad-date', value.span, { expected: date.expected, field: field.label });
  return undefined;
}

function compared(operator: Operator, { low, high }: Interval): Range {
  switch (operator) {
    case '>':
      return { low: high + 1n, high: undefined };
    case '>=':
      return { low, high: undefined };
    case '<':
      return { low: undefined, high: low - 1n };
    case '<=':
      return { low: undefined, high };
    default:
      return { low, high };
  }
}

function rangeCondition({ label }: ResolvedField, range: Range): Condition {
  if (fieldOf(label).type !== 'instant') return numberCondition(label, range);
  if (range.low !== undefined && range.high !== undefined && range.low > range.high) return never;
  return { kind: 'instant', label, ranges: [range] };
}

/** Makes the condition for `[low .. high]` (qql §4.5); each bracket speaks for its side. */
export function rangeValueCondition(checker: Checker, field: ResolvedField, value: RangeValue): Condition {
  const { type } = fieldOf(field.label);
  if (textClassOf(type) !== undefined || type === 'boolean') return failOrder(checker, field, value.span, 'a range');
  if (!countTest(checker, value.span)) return never;
  if (isAddressType(type)) return addressRangeCondition(checker, field, value);
  const bounds = readBounds(value, (bound) => intervalOf(checker, field, bound));
  if (bounds === undefined) return never;
  const { low, high } = bounds;
  if (low && high && low.low > high.low) return failLowAboveHigh(checker, field, value);
  return rangeCondition(field, {
    low: low && (value.lowIncluded ? low.low : low.high + 1n),
    high: high && (value.highIncluded ? high.high : high.low - 1n),
  });
}

/** Reads the bounds there are; undefined when one cannot be read, which has been reported. */
function readBounds<Bound>(
  value: RangeValue,
  read: (bound: Scalar) => Bound | undefined,
): { readonly low: Bound | undefined; readonly high: Bound | undefined } | undefined {
  const low = value.low && read(value.low);
  const high = value.high && read(value.high);
  return (value.low && !low) || (value.high && !high) ? undefined : { low, high };
}

function failLowAboveHigh(checker: Checker, { label }: ResolvedField, { span }: RangeValue): Condition {
  return fail(checker, 'bad-range', span, { expected: 'the low bound before the high one', field: label });
}

function isAddressType(type: FieldType): boolean {
  return type === 'ip' || type === 'ipv4' || type === 'ipv6';
}

function addressesOf(checker: Checker, { label }: ResolvedField, value: Scalar): AddressRange | undefined {
  const { type } = fieldOf(label);
  const text = plainText(value);
  const range = readAddresses(text);
  const wildcard = text.includes('*') || text.includes('?');
  if (range !== undefined && takesFamily(type, range.family) && (!wildcard || value.kind === 'bare')) return range;
  const kind = type === 'ip' ? 'an address' : type === 'ipv4' ? 'an IPv4 address' : 'an IPv6 address';
  const expected = `${kind} or CIDR block for ${label}`;
  if (range === undefined && hasWildcard(value)) {
    fail(checker, 'bad-wildcard', value.span, {
      expected,
      hint: 'Write a prefix as 172.16.240.* or as 172.16.240.0/24.',
      field: label,
    });
  } else fail(checker, 'bad-type', value.span, { expected, field: label });
  return undefined;
}

function addressCondition({ label }: ResolvedField, ranges: readonly AddressRange[]): Condition {
  return { kind: 'address', labels: [label], ranges };
}

function addressComparison(field: ResolvedField, operator: Operator, range: AddressRange): Condition {
  if (operator === ':' || operator === '=') return addressCondition(field, [range]);
  const above = operator === '>' || operator === '>=';
  return boundedAddresses(
    field,
    range.family,
    above ? [lowBound(range, operator), 'end'] : ['start', highBound(range, operator)],
  );
}

/** First address that a block lets through as a bound; undefined when that lies past the end. */
function lowBound(block: AddressRange, operator: Operator): AddressRange['first'] | undefined {
  return operator === '>=' ? block.first : neighbour(block.last, 1);
}

function highBound(block: AddressRange, operator: Operator): AddressRange['last'] | undefined {
  return operator === '<=' ? block.last : neighbour(block.first, -1);
}

/** Addresses between two bounds of a family; an undefined bound lies past its end. */
function boundedAddresses(
  field: ResolvedField,
  family: 4 | 6,
  [low, high]: readonly [AddressRange['first'] | 'start' | undefined, AddressRange['last'] | 'end' | undefined],
): Condition {
  const whole = wholeFamily(family);
  const first = low === 'start' ? whole?.first : low;
  const last = high === 'end' ? whole?.last : high;
  if (first === undefined || last === undefined || compareAddresses(first, last) > 0) return never;
  return addressCondition(field, [{ family, first, last }]);
}

function addressRangeCondition(checker: Checker, field: ResolvedField, value: RangeValue): Condition {
  const bounds = readBounds(value, (bound) => addressesOf(checker, field, bound));
  if (bounds === undefined) return never;
  const { low, high } = bounds;
  if (low && high && low.family !== high.family) {
    return fail(checker, 'bad-range', value.span, { expected: 'two addresses of one family', field: field.label });
  }
  if (low && high && compareAddresses(low.first, high.first) > 0) return failLowAboveHigh(checker, field, value);
  return boundedAddresses(field, (low ?? high)?.family ?? 4, [
    low === undefined ? 'start' : lowBound(low, value.lowIncluded ? '>=' : '>'),
    high === undefined ? 'end' : highBound(high, value.highIncluded ? '<=' : '<'),
  ]);
}

const addressLabels = labels.filter((label) => isAddressType(fieldOf(label).type));

/** The condition that an address written without a field adds: any address field holds it; undefined for other texts. */
export function anyAddressCondition(value: Scalar): Condition | undefined {
  if (value.kind === 'exact' || hasWildcard(value)) return undefined;
  const range = readAddresses(plainText(value));
  if (range === undefined) return undefined;
  return {
    kind: 'address',
    labels: addressLabels.filter((label) => takesFamily(fieldOf(label).type, range.family)),
    ranges: [range],
  };
}
