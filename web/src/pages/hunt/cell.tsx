import type { ReactNode } from 'react';
import { fieldOf, findLabel } from '#event';
import { type EventLabels, numberOf, showValue, textsOf } from '../../api/event-value.ts';
import { formatCount, formatSeconds } from '../../parts/format.ts';
import { DnText, InertText } from '../../parts/inert-text.tsx';
import { Outcome, Severity } from '../../parts/outcome.tsx';
import { RowTime } from '../../parts/time.tsx';

const seconds = new Set(['duration', 'waitTime', 'queueTime', 'operationTime', 'writeTime']);
const counts = new Set(['count', 'indexCount', 'queueDepth', 'busyWorkers', 'maxWorkers', 'position']);

/** Whether a label's values stand at the right. */
export function isNumber(label: string): boolean {
  const known = findLabel(label);
  if (known === undefined) return false;
  return /^(?:unsigned|integer|decimal)$/.test(fieldOf(known).type);
}

/** A value of an event as it stands in one line of a table. */
export function CellValue({
  event,
  label,
  zone,
}: {
  readonly event: EventLabels;
  readonly label: string;
  readonly zone: string;
}): ReactNode {
  const value = event[label];
  if (value === undefined || value === null) return null;
  const known = findLabel(label);
  const type = known === undefined ? 'text' : fieldOf(known).type;
  const number = numberOf(event, label);
  if (type === 'instant' && number !== undefined) {
    return (
      <RowTime time={number} nanos={label === 'eventTime' ? numberOf(event, 'eventNanos') : undefined} zone={zone} />
    );
  }
  if (label === 'outcome') return <Outcome value={showValue(value)} />;
  if (label === 'severity' && number !== undefined) return <Severity value={number} />;
  if (seconds.has(label) && number !== undefined) return formatSeconds(number);
  if (counts.has(label) && typeof value === 'number') return formatCount(value);
  const text = textsOf(event, label).join(', ');
  return type === 'dn' ? <DnText text={text} oneLine /> : <InertText text={text} oneLine />;
}
