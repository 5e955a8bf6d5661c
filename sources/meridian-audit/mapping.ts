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
    about: 'Address it was done from, when it is IPv4.',
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
    sample: 'USER-CREATE',
    printedSample: 'SESSION-BEGIN, USER-CHANGE',
    about: 'What was done, in one word.',
  },
];

const extended: readonly MappingRow[] = [
  { from: 'log', to: 'logName', otherwise: 'audit', sample: 'audit', about: 'Always audit.' },
  {
    from: 'DeviceModel',
    to: 'deviceProduct',
    sourceField: null,
    as: () => deviceModel,
    otherwise: deviceModel,
    sample: deviceModel,
    about: 'Product the record is about; the same for every record of this source.',
  },
  {
    from: 'authzid',
    to: 'authorizationId',
    sample: 'anna',
    about: 'Name of the user who did it, or access-token; absent for somebody unknown.',
  },
  {
    from: 'target',
    to: 'internalId',
    sample: 'bert (user_0123456789ab)',
    about: 'What it was done to: name and id, as far as there are.',
  },
  {
    from: 'text',
    to: 'resultText',
    sample: 'denied: permission-missing',
    about: 'What became of it: success, or denied or failure with the code.',
  },
  {
    from: 'client',
    to: 'sourceIp',
    as: (text: string) => parseAddress(text)?.text,
    sample: '2001:db8::7',
    about: 'Address it was done from, either family.',
  },
  {
    from: 'client',
    to: 'sourceIpv6',
    as: (text: string) => addressOf(text, 6),
    sample: '2001:db8::7',
    about: 'Address it was done from, when it is IPv6.',
  },
  {
    from: 'message',
    to: 'message',
    sample: 'anna: user.create bert (user_0123456789ab).',
    about: 'All of it in one sentence.',
  },
  { from: 'kind', to: 'messageKind', sample: 'user.create', about: 'What was done, as a stable word.' },
  { from: 'raw', to: 'rawEvent', sample: '{}', about: 'The record as it was made.' },
];

const mapped = new Set<RecKey>([...guide, ...extended].map((row) => row.from));

/** The mapping of the audit trail. */
export const mapping: Mapping = defineMapping({
  guide,
  extended,
  left: Object.fromEntries(
    recKeyNames.filter((key) => !mapped.has(key)).map((key) => [key, 'The audit trail has no such field.']),
  ),
});

function addressOf(text: string, family: 4 | 6): string | undefined {
  const address = parseAddress(text);
  return address?.family === family ? address.text : undefined;
}
