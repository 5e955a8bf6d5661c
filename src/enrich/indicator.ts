import { type Address, type AddressRange, addressRange, type Cidr, parseAddress, parseCidr } from '#event';
import type { Period } from './row-values.ts';

/** Severities of indicators, low to high. */
export const threatSeverities = ['low', 'medium', 'high', 'critical'] as const;
export type ThreatSeverity = (typeof threatSeverities)[number];

/** One entry of an intelligence list (taxonomy §10). */
export interface Indicator extends Period {
  /** Address, block or range as the list has it. */
  readonly value: string;
  readonly list: string;
  /** 0 to 100. */
  readonly confidence: number | undefined;
  readonly severity: ThreatSeverity | undefined;
  readonly labels: readonly string[];
  readonly source: string;
}

/** What an indicator covers. */
export type Covered =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'block'; readonly block: Cidr }
  | { readonly kind: 'range'; readonly range: AddressRange };

/** Reads an address, `address/prefix`, or `address-address`; undefined for anything else. */
export function coveredBy(text: string): Covered | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return { kind: 'address', address };
  const block = parseCidr(text);
  if (block !== undefined) return { kind: 'block', block };
  const hyphen = text.indexOf('-');
  if (hyphen < 0) return undefined;
  const first = parseAddress(text.slice(0, hyphen).trim());
  const last = parseAddress(text.slice(hyphen + 1).trim());
  const range = first === undefined || last === undefined ? undefined : addressRange(first, last);
  return range === undefined ? undefined : { kind: 'range', range };
}

/** Whether a text may be an indicator of another kind: a domain, URL, mail address or hash. */
export function isOtherKind(text: string): boolean {
  return /^[\w.+:/?=&%@~#-]{4,2048}$/.test(text) && /[.@:]|^[\da-f]{32,128}$/i.test(text) && !/^[\d.:/-]+$/.test(text);
}

/** Reads a severity: one of the words, or what others write for them. */
export function severityOf(text: string | undefined): ThreatSeverity | undefined {
  switch (text?.toLowerCase()) {
    case 'low':
    case 'info':
    case 'informational':
    case '1':
      return 'low';
    case 'medium':
    case 'moderate':
    case '2':
      return 'medium';
    case 'high':
    case '3':
      return 'high';
    case 'critical':
    case '4':
      return 'critical';
    default:
      return undefined;
  }
}
