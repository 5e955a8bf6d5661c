import type { ReactNode } from 'react';
import { type MeasuredGroup, measureGroups, type WidgetOf } from '../../api/dashboards.ts';
import { showValue } from '../../api/event-value.ts';
import { GroupValue, isLong } from '../../parts/count-table.tsx';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { clauseFor, include } from '../../query/refine.ts';
import { formatMeasured, nameMeasure } from './measured-value.ts';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

/** The query for the events of one group. */
export function queryOfGroup(query: string, by: readonly string[], values: readonly unknown[]): string {
  return by.reduce((whole, label, index) => include(whole, clauseFor(label, values[index])), query);
}

/** The values with most events, or with the largest measure. */
export function TopWidget({
  widget: { query, by, value, limit },
  place: { asked, window },
}: {
  readonly widget: WidgetOf<'top'>;
  readonly place: WidgetPlace;
}): ReactNode {
  const question = { ...asked, q: query };
  const data = useWidget(['top', question, by, value, limit], async (signal) => {
    const measures = value === undefined ? [] : [value];
    const groups = await measureGroups(
      { ...question, by, limit: limit + 1, measures, order: value === undefined ? undefined : 0 },
      signal,
    );
    // Events that have none of the labels are no value among others.
    const named = groups.filter(({ values }) => values.some((one) => one !== null && one !== undefined));
    return named.filter((group) => value === undefined || sizeOf(group, value) !== undefined).slice(0, limit);
  });
  return (
    <WidgetBody query={data} rows={5} isEmpty={(groups) => groups.length === 0}>
      {(groups) => {
        const most = Math.max(...groups.map((group) => sizeOf(group, value) ?? 0), Number.MIN_VALUE);
        return (
          <div className="scroll-x">
            <table className="plain-table count-table">
              <thead className="unseen">
                <tr>
                  {by.map((label) => (
                    <th key={label}>{label}</th>
                  ))}
                  <th>{nameMeasure(value)}</th>
                </tr>
              </thead>
              <tbody>
                {groups.map((group) => (
                  <tr key={group.values.map(showValue).join('\n')}>
                    {by.map((label, index) => (
                      <td key={label} className={isLong(label) ? 'clamped' : 'count-short'}>
                        <GroupValue label={label} value={group.values[index]} />
                      </td>
                    ))}
                    <td className={by.length > 1 ? 'count-bar of-two' : 'count-bar'}>
                      <svg width="100%" height="6" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 6">
                        <rect width={((sizeOf(group, value) ?? 0) / most) * 100} height="6" className="count-fill" />
                      </svg>
                    </td>
                    <td className="number">
                      <HuntLink q={queryOfGroup(query, by, group.values)} window={window}>
                        {formatMeasured(sizeOf(group, value) ?? 0, value)}
                      </HuntLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </WidgetBody>
  );
}

function sizeOf(group: MeasuredGroup, value: string | undefined): number | undefined {
  return value === undefined ? group.count : (group.measured?.[0] ?? undefined);
}
