import { parseAddress, type RecKey, recKeyNames } from '#event';
import { defineMapping } from './define-mapping.ts';
import type { Mapping, MappingRow } from './mapping.ts';

const none = 'Has no value in this source.';

/** What tells one source of this product's own records from another. */
export interface OwnMapping {
  readonly deviceModel: string;
  readonly deviceType: string;
  /** Kind of its only log. */
  readonly log: string;
  /** What the address of the records is: "Address the agent speaks from". */
  readonly address: string;
  readonly verb: { readonly sample: string; readonly printedSample: string; readonly about: string };
  readonly message: { readonly sample: string; readonly about: string };
  readonly kind: { readonly sample: string; readonly about: string };
  /** Rows that only this source has. */
  readonly rows: readonly MappingRow[];
  /** Why the keys of records that no row takes have no label. */
  readonly left: string;
}

/** Makes the mapping of what the product itself records; see `createOwnReader`. */
export function ownMapping(own: OwnMapping): Mapping {
  const guide = guideRows(own);
  const extended = extendedRows(own);
  const mapped = new Set<RecKey>([...guide, ...extended].map((row) => row.from));
  const left = recKeyNames.filter((key) => !mapped.has(key)).map((key) => [key, own.left]);
  return defineMapping({ guide, extended, left: Object.fromEntries(left) });
}

/** The fourteen labels of the guide; most of them are about directory servers, and stay absent. */
function guideRows({ deviceModel, deviceType, address, verb }: OwnMapping): readonly MappingRow[] {
  return [
    { from: 'EventTime', to: 'eventTime', sample: 1795514400000, about: 'When it happened, in epoch milliseconds.' },
    {
      from: 'DeviceModel',
      to: 'deviceVendor',
      as: () => 'Meridian',
      otherwise: 'Meridian',
      sample: deviceModel,
      becomes: 'Meridian',
      about: 'Maker of the device; the same for every record of this source.',
    },
    {
      from: 'DeviceType',
      to: 'deviceType',
      otherwise: deviceType,
      sample: deviceType,
      about: 'Kind of device; the same for every record of this source.',
    },
    { from: 'conn', to: 'sessionId', sample: 1, about: none },
    {
      from: 'client',
      to: 'sourceIpv4',
      sourceField: null,
      as: (text: string) => addressOf(text, 4),
      sample: '192.0.2.7',
      about: `${address}, when it is IPv4.`,
    },
    {
      from: 'server',
      to: 'destinationIpv4',
      sourceField: null,
      as: (text: string) => addressOf(text, 4),
      sample: '192.0.2.1',
      about: none,
    },
    { from: 'nentries', to: 'count', sample: 1, about: none },
    { from: 'etime', to: 'duration', sample: 1, about: none },
    { from: 'base', to: 'requestContext', sample: 'dc=example,dc=com', about: none },
    { from: 'method', to: 'method', sample: 'SIMPLE', about: none },
    { from: 'filter', to: 'searchFilter', sample: '(cn=a)', about: none },
    { from: 'dn', to: 'distinguishedName', sample: 'dc=example,dc=com', about: none },
    { from: 'op', to: 'operationNumber', sample: 1, about: none },
    { from: 'verb', to: 'eventSubType', sourceField: null, ...verb },
  ];
}

function extendedRows({ deviceModel, log, address, rows, message, kind }: OwnMapping): readonly MappingRow[] {
  return [
    { from: 'log', to: 'logName', otherwise: log, sample: log, about: `Always ${log}.` },
    {
      from: 'DeviceModel',
      to: 'deviceProduct',
      sourceField: null,
      as: () => deviceModel,
      otherwise: deviceModel,
      sample: deviceModel,
      about: 'Product the record is about; the same for every record of this source.',
    },
    ...rows,
    {
      from: 'client',
      to: 'sourceIp',
      as: (text: string) => parseAddress(text)?.text,
      sample: '2001:db8::7',
      about: `${address}, either family.`,
    },
    {
      from: 'client',
      to: 'sourceIpv6',
      as: (text: string) => addressOf(text, 6),
      sample: '2001:db8::7',
      about: `${address}, when it is IPv6.`,
    },
    { from: 'message', to: 'message', ...message },
    { from: 'kind', to: 'messageKind', ...kind },
    { from: 'raw', to: 'rawEvent', sample: '{}', about: 'The record as it was made.' },
  ];
}

function addressOf(text: string, family: 4 | 6): string | undefined {
  const address = parseAddress(text);
  return address?.family === family ? address.text : undefined;
}
