import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fieldOf, findLabel } from '#event';
import { showValue } from '../api/event-value.ts';
import { type Asked, type Group, groupEvents } from '../api/events.ts';
import { clauseFor, include } from '../query/refine.ts';
import type { TimeWindow } from '../query/time-window.ts';
import { entityOf } from './entity-link.ts';
import { EntityLink } from './entity-name.tsx';
import { formatCount, formatFullTime, formatMinute } from './format.ts';
import { HuntLink } from './hunt-link.tsx';
import { InertText } from './inert-text.tsx';
import { Outcome } from './outcome.tsx';
import { Bones, Empty, Failure } from './states.tsx';
import { isoOf } from './time.tsx';
import './count-table.css';

interface CountTableProps {
  readonly title: string;
  /** What an empty table says. */
  readonly none: string;
  readonly asked: Asked;
  readonly window: TimeWindow;
  readonly by: readonly string[];
  readonly limit?: number;
  /** Shows when each group was last seen; and first, on hover. */
  readonly times?: boolean;
  /** Leaves out groups that have none of the labels. */
  readonly present?: boolean;
}

/** The most frequent values of labels, each with a bar, its entity and the hunt behind its number. */
export function CountTable(props: CountTableProps): ReactNode {
  const { title, none, asked, by, limit = 10, present = true } = props;
  const { data, error, refetch } = useQuery({
    queryKey: ['group', asked, by, limit],
    queryFn: ({ signal }) => groupEvents({ ...asked, by, limit: limit + 1 }, signal),
  });
  const groups = (data ?? [])
    .filter(({ values }) => !present || values.some((value) => value !== null && value !== undefined))
    .slice(0, limit);
  const most = Math.max(1, ...groups.map(({ count }) => count));
  return (
    <section className="panel count-table" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {error !== null ? (
        <Failure error={error} what="This cannot be shown" retry={() => void refetch()} />
      ) : data === undefined ? (
        <Bones rows={5} />
      ) : groups.length === 0 ? (
        <Empty title={none} />
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead className="unseen">
              <tr>
                {by.map((label) => (
                  <th key={label}>{label}</th>
                ))}
                <th>events</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <CountRow key={group.values.map(showValue).join('\n')} group={group} most={most} {...props} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function CountRow({
  group,
  most,
  asked,
  by,
  window,
  times = false,
}: CountTableProps & { readonly group: Group; readonly most: number }): ReactNode {
  const q = by.reduce((query, label, index) => include(query, clauseFor(label, group.values[index])), asked.q);
  return (
    <tr>
      {by.map((label, index) => (
        <td key={label} className={isLong(label) ? 'clamped' : 'count-short'}>
          <GroupValue label={label} value={group.values[index]} />
        </td>
      ))}
      {times && (
        <td className="muted count-times">
          <time
            dateTime={isoOf(group.last)}
            title={`${formatFullTime(group.first, asked.zone)} – ${formatFullTime(group.last, asked.zone)}`}
          >
            {formatMinute(group.last, asked.zone)}
          </time>
        </td>
      )}
      <td className="count-bar">
        <svg width="100%" height="6" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 6">
          <rect width={(group.count / most) * 100} height="6" className="count-fill" />
        </svg>
      </td>
      <td className="number">
        <HuntLink q={q} window={window}>
          {formatCount(group.count)}
        </HuntLink>
      </td>
    </tr>
  );
}

/** Whether a label's values need room. */
export function isLong(label: string): boolean {
  const known = findLabel(label);
  return known !== undefined && ['dn', 'filter', 'text'].includes(fieldOf(known).type);
}

/** A value of a group: its entity, its mark, or its text. */
export function GroupValue({ label, value }: { readonly label: string; readonly value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="muted">–</span>;
  if (label === 'outcome') return <Outcome value={showValue(value)} />;
  const entity = entityOf(label, value);
  return entity === undefined ? <InertText text={showValue(value)} /> : <EntityLink {...entity} />;
}
