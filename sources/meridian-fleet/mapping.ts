import { parseAddress, type RecKey, recKeyNames } from '#event';
import { defineMapping, type Mapping, type MappingRow } from '#source';
import { deviceModel, deviceType } from './source-id.ts';

const none = 'Has no value in this source.';

/** The fourteen labels of the guide; most of them are about directory servers, and stay absent here. */
const guide: readonly MappingRow[] = [
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
    about: 'Address the agent speaks from, when it is IPv4.',
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
  {
    from: 'verb',
    to: 'eventSubType',
    sourceField: null,
    sample: 'SILENT',
    printedSample: 'ENROLLED, SILENT, GAP',
    about: 'What happened, in one word.',
  },
];

const extended: readonly MappingRow[] = [
  { from: 'log', to: 'logName', otherwise: 'fleet', sample: 'fleet', about: 'Always fleet.' },
  {
    from: 'DeviceModel',
    to: 'deviceProduct',
    sourceField: null,
    as: () => deviceModel,
    otherwise: deviceModel,
    sample: deviceModel,
    about: 'Product the record is about; the same for every record of this source.',
  },
  { from: 'host', to: 'deviceHostName', sample: 'ldap1.example.com', about: 'Host of the agent.' },
  { from: 'serverVersion', to: 'productVersion', sample: '1.0.0', about: 'Version of the agent.' },
  {
    from: 'client',
    to: 'sourceIp',
    as: (text: string) => parseAddress(text)?.text,
    sample: '2001:db8::7',
    about: 'Address the agent speaks from, either family.',
  },
  {
    from: 'client',
    to: 'sourceIpv6',
    as: (text: string) => addressOf(text, 6),
    sample: '2001:db8::7',
    about: 'Address the agent speaks from, when it is IPv6.',
  },
  { from: 'message', to: 'message', sample: 'The agent fell silent.', about: 'What happened, in one sentence.' },
  { from: 'kind', to: 'messageKind', sample: 'silent', about: 'What happened, as a stable word.' },
  { from: 'raw', to: 'rawEvent', sample: '{}', about: 'The record as it was made.' },
];

const mapped = new Set<RecKey>([...guide, ...extended].map((row) => row.from));

/** The mapping of fleet events. */
export const mapping: Mapping = defineMapping({
  guide,
  extended,
  left: Object.fromEntries(
    recKeyNames.filter((key) => !mapped.has(key)).map((key) => [key, 'Fleet events have no such field.']),
  ),
});

function addressOf(text: string, family: 4 | 6): string | undefined {
  const address = parseAddress(text);
  return address?.family === family ? address.text : undefined;
}
