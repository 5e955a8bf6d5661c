import { type Mapping, ownMapping } from '#source';
import { deviceModel, deviceType } from './source-id.ts';

/** The mapping of fleet events. */
export const mapping: Mapping = ownMapping({
  deviceModel,
  deviceType,
  log: 'fleet',
  address: 'Address the agent speaks from',
  verb: { sample: 'SILENT', printedSample: 'ENROLLED, SILENT, GAP', about: 'What happened, in one word.' },
  message: { sample: 'The agent fell silent.', about: 'What happened, in one sentence.' },
  kind: { sample: 'silent', about: 'What happened, as a stable word.' },
  rows: [
    { from: 'host', to: 'deviceHostName', sample: 'ldap1.example.com', about: 'Host of the agent.' },
    { from: 'serverVersion', to: 'productVersion', sample: '1.0.0', about: 'Version of the agent.' },
  ],
  left: 'Fleet events have no such field.',
});
