import type { CategoryType } from '#event';
import type { CategoryRule, CategoryTable } from '#source';

function rule(step: string, about: string, is: CategoryType, ...records: readonly string[]): CategoryRule {
  return { step, about, when: { records }, is };
}

/** What fleet events are about. An agent is an account of its host; what is missing is a gap in a log. */
export const categories: CategoryTable = {
  version: '1',
  categories: [
    rule('1', 'An agent gets an identity.', 'account-change/create', 'ENROLLED'),
    rule('2', 'An agent loses its identity.', 'account-change/delete', 'UNENROLLED'),
    rule(
      '3',
      'A host gets another identity, or an agent another key.',
      'account-change/credential-add',
      'REENROLLED',
      'KEY-ROTATED',
    ),
    rule('4', 'An identity is used by two.', 'detection/alert', 'IDENTITY-COPIED'),
    rule(
      '5',
      'Records are missing, or may be.',
      'audit-logging/gap',
      'GAP',
      'LOG-SHRANK',
      'COLLECTOR-LOSS',
      'RECORDS-LOST',
    ),
    rule('6', 'What agents are told changes.', 'configuration-change/modify', 'PROFILE-CHANGED', 'SERVER-CHANGED'),
    rule(
      '7',
      'An agent cannot do what it should.',
      'service/error',
      ...['PROFILE-REFUSED', 'FILE-UNREADABLE', 'SPOOL-DAMAGED', 'STATE-DAMAGED'],
    ),
    rule('8', 'Something needs a look.', 'service/warning', 'SILENT', 'CLOCK-JUMP', 'SPOOL-FULL'),
    rule('9', 'All is well again.', 'service/info', 'BACK', 'PROFILE-APPLIED', 'SPOOL-FREE', 'GAP-CLOSED'),
  ],
  outcomes: [
    { when: { records: ['PROFILE-REFUSED'] }, outcome: 'denied', reason: 'refused' },
    { when: { records: ['FILE-UNREADABLE', 'SPOOL-DAMAGED', 'STATE-DAMAGED'] }, outcome: 'failure', reason: 'fault' },
    {
      when: { records: ['GAP', 'LOG-SHRANK', 'COLLECTOR-LOSS', 'RECORDS-LOST'] },
      outcome: 'partial',
      reason: 'missing',
    },
    {
      when: { records: ['SILENT', 'CLOCK-JUMP', 'SPOOL-FULL', 'IDENTITY-COPIED'] },
      outcome: 'unknown',
    },
    { when: {}, outcome: 'success', reason: 'ok' },
  ],
  tags: [],
  answers: [],
  changeRequests: [],
  detailedLogs: [],
  severityLog: 'fleet',
  severities: {
    'IDENTITY-COPIED': 9,
    SILENT: 7,
    'CLOCK-JUMP': 5,
    'SPOOL-FULL': 7,
    'PROFILE-REFUSED': 7,
    'FILE-UNREADABLE': 7,
    'SPOOL-DAMAGED': 7,
    'STATE-DAMAGED': 5,
  },
  reasons: {
    ok: 'Done as it should be.',
    refused: 'The agent does not do it; its message says why.',
    fault: 'A file cannot be read, or is damaged.',
    missing: 'Something that should be there is not.',
  },
};
