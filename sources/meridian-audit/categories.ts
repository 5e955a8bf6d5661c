import type { CategoryType } from '#event';
import type { CategoryRule, CategoryTable } from '#source';

function rule(step: string, about: string, is: CategoryType, ...records: readonly string[]): CategoryRule {
  return { step, about, when: { records }, is };
}

/** What people and programs do with the product. */
export const categories: CategoryTable = {
  version: '1',
  categories: [
    rule('1', 'Somebody signs in, or is refused.', 'authentication/logon', 'SESSION-BEGIN'),
    rule('2', 'Sessions are ended.', 'authentication/logoff', 'SESSION-END'),
    rule('3', 'A user is made.', 'account-change/create', 'USER-CREATE'),
    rule('4', 'A user is removed.', 'account-change/delete', 'USER-REMOVE'),
    rule('5', 'A user, or the own account, is changed.', 'account-change/modify', 'USER-CHANGE', 'ACCOUNT-CHANGE'),
    rule('6', 'Somebody changes the own password.', 'account-change/password-change', 'ACCOUNT-PASSWORD'),
    rule(
      '7',
      'A password is to be chosen anew, or was.',
      'account-change/password-reset',
      'USER-INVITE',
      'INVITATION-ACCEPT',
    ),
    rule(
      '8',
      'A token or second factor is given to an account, or an enrollment token is made.',
      'account-change/credential-add',
      ...['TOKEN-CREATE', 'SECOND-FACTOR-ADD', 'SECOND-FACTOR-CODES', 'ENROLLMENT-CREATE'],
    ),
    rule(
      '9',
      'A token or second factor is taken away, or an agent is un-enrolled.',
      'account-change/credential-remove',
      ...['TOKEN-REVOKE', 'SECOND-FACTOR-REMOVE', 'ENROLLMENT-REVOKE', 'AGENT-REMOVE'],
    ),
    rule('10', 'Events are taken out of the product.', 'service/info', 'EVENTS-EXPORT'),
    rule('11', 'Something is kept for later.', 'configuration-change/create', 'PROFILE-CREATE', 'SEARCH-CREATE'),
    rule('12', 'Something that was kept is removed.', 'configuration-change/delete', 'PROFILE-REMOVE', 'SEARCH-REMOVE'),
    rule(
      '13',
      'What is set is changed.',
      'configuration-change/modify',
      ...['PROFILE-CHANGE', 'PROFILE-ROLL-BACK', 'AGENT-TAGS', 'AGENT-PROFILE', 'SEARCH-CHANGE'],
    ),
    rule('14', 'How long events are kept is changed.', 'audit-logging/modify', 'RETENTION-CHANGE'),
    rule('15', 'Dead letters are tried again.', 'service/task', 'DEAD-LETTERS-REPLAY'),
    rule('16', 'Somebody asks for what the role does not allow.', 'detection/alert', 'ACCESS-DENY'),
  ],
  outcomes: [
    { when: { texts: ['denied'] }, outcome: 'denied', reason: 'refused' },
    { when: { texts: ['failure'] }, outcome: 'failure', reason: 'fault' },
    { when: {}, outcome: 'success', reason: 'ok' },
  ],
  tags: [],
  answers: [],
  changeRequests: [],
  detailedLogs: [],
  severities: { 'EVENTS-EXPORT': 3, 'RETENTION-CHANGE': 7, 'SECOND-FACTOR-REMOVE': 7, 'ACCESS-DENY': 5 },
  reasons: {
    ok: 'Done.',
    refused: 'Not allowed, or not proven; resultText says why.',
    fault: 'The server could not do it; resultText says why.',
  },
};
