import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { measureGroups, type WidgetOf } from '../../api/dashboards.ts';
import { type EventLabels, numberOf, showValue, textOf, textsOf } from '../../api/event-value.ts';
import { searchEvents } from '../../api/events.ts';
import { GroupValue, isLong } from '../../parts/count-table.tsx';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { InertText } from '../../parts/inert-text.tsx';
import { RowTime } from '../../parts/time.tsx';
import { formatMeasured, nameMeasure, seconds } from './measured-value.ts';
import { queryOfGroup } from './top-widget.tsx';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

interface TableProps {
  readonly widget: WidgetOf<'table'>;
  readonly place: WidgetPlace;
}

/** Groups with what is measured of them, or events one by one. */
export function TableWidget(props: TableProps): ReactNode {
  return props.widget.columns === undefined ? <GroupTable {...props} /> : <EventTable {...props} />;
}

function GroupTable({
  widget: { query, by = [], values = [], sort, limit },
  place: { asked, window },
}: TableProps): ReactNode {
  const question = { ...asked, q: query };
  const place = sort === undefined ? -1 : values.indexOf(sort);
  const order = place === -1 ? undefined : place;
  const data = useWidget(['table', question, by, values, order, limit], (signal) =>
    measureGroups({ ...question, by, limit, measures: values, order }, signal),
  );
  return (
    <WidgetBody query={data} rows={5} isEmpty={(groups) => groups.length === 0}>
      {(groups) => (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                {by.map((label) => (
                  <th key={label}>{label}</th>
                ))}
                {values.map((measure) => (
                  <th key={measure} className="number">
                    {nameMeasure(measure)}
                  </th>
                ))}
                <th className="number">events</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <tr key={group.values.map(showValue).join('\n')}>
                  {by.map((label, index) => (
                    <td key={label} className={isLong(label) ? 'clamped' : 'short-cell'}>
                      <GroupValue label={label} value={group.values[index]} />
                    </td>
                  ))}
                  {[...values.map((_, index) => group.measured?.[index]), group.count].map((value, index) => (
                    <td key={values[index] ?? 'events'} className="number">
                      {value === undefined || value === null ? (
                        '–'
                      ) : (
                        <HuntLink q={queryOfGroup(query, by, group.values)} window={window}>
                          {formatMeasured(value, values[index])}
                        </HuntLink>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </WidgetBody>
  );
}

function EventTable({
  widget: { query, columns = [], sort = '-eventTime', limit },
  place: { asked },
}: TableProps): ReactNode {
  const question = { ...asked, q: query };
  const data = useWidget(['events', question, columns, sort, limit], async (signal) => {
    const page = await searchEvents({ ...question, sort, limit, fields: [...columns, 'eventId'] }, signal);
    return page.events;
  });
  return (
    <WidgetBody query={data} rows={6} isEmpty={(events) => events.length === 0}>
      {(events) => (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                {columns.map((label) => (
                  <th key={label} className={isCount(label) ? 'number' : ''}>
                    {label}
                  </th>
                ))}
                <th>
                  <span className="unseen">Event</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {events.map((event, index) => (
                <EventRow key={textOf(event, 'eventId') ?? index} event={event} columns={columns} zone={asked.zone} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </WidgetBody>
  );
}

function EventRow({
  event,
  columns,
  zone,
}: {
  readonly event: EventLabels;
  readonly columns: readonly string[];
  readonly zone: string;
}): ReactNode {
  return (
    <tr>
      {columns.map((label) => (
        <td key={label} className={isLong(label) ? 'clamped' : isCount(label) ? 'number' : 'short-cell'}>
          <EventCell event={event} label={label} zone={zone} />
        </td>
      ))}
      <td className="open-cell">
        <Link to="/events/$eventId" params={{ eventId: textOf(event, 'eventId') ?? '' }}>
          Open<span className="unseen"> event</span>
        </Link>
      </td>
    </tr>
  );
}

/** Labels whose numbers are compared with one another. */
function isCount(label: string): boolean {
  return label === 'count' || seconds.has(label);
}

function EventCell({
  event,
  label,
  zone,
}: {
  readonly event: EventLabels;
  readonly label: string;
  readonly zone: string;
}): ReactNode {
  const value = event[label];
  if (label === 'eventTime' || label === 'ingestTime' || label === 'requestTime') {
    const time = numberOf(event, label);
    return time === undefined ? <span className="muted">–</span> : <RowTime time={time} zone={zone} />;
  }
  const number = isCount(label) ? numberOf(event, label) : undefined;
  if (number !== undefined) return formatMeasured(number, `max(${label})`);
  if (Array.isArray(value)) return <InertText text={textsOf(event, label).join(', ')} />;
  return <GroupValue label={label} value={value} />;
}
