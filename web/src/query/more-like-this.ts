import type { EventLabels } from '../api/event-value.ts';
import { clauseFor } from './refine.ts';

/** What makes two events alike: kind, end and shape, not who or when. */
const shaping = [
  'source',
  'logName',
  'eventSubType',
  'requestType',
  'eventType',
  'outcome',
  'reason',
  'searchFilterShape',
  'messageKind',
];

/** Gives the query that finds events like this one. */
export function moreLikeThis(event: EventLabels): string {
  return shaping
    .filter((label) => event[label] !== undefined)
    .map((label) => clauseFor(label, event[label]))
    .join(' and ');
}
