import { type Mapping, ownMapping } from '#source';
import { deviceModel, deviceType } from './source-id.ts';

/** The mapping of the audit trail. */
export const mapping: Mapping = ownMapping({
  deviceModel,
  deviceType,
  log: 'audit',
  address: 'Address it was done from',
  verb: { sample: 'USER-CREATE', printedSample: 'SESSION-BEGIN, USER-CHANGE', about: 'What was done, in one word.' },
  message: { sample: 'anna: user.create bert (user_0123456789ab).', about: 'All of it in one sentence.' },
  kind: { sample: 'user.create', about: 'What was done, as a stable word.' },
  rows: [
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
  ],
  left: 'The audit trail has no such field.',
});
