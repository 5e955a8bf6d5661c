import type { ReactNode } from 'react';
import { measureGroups, type WidgetOf } from '../../api/dashboards.ts';
import type { Asked } from '../../api/events.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { changeOf, formatMeasured, nameMeasure } from './measured-value.ts';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

/** One number; beside it, how it was in the time as long before. */
export function NumberWidget({
  widget: { query, value },
  place: { asked, window },
}: {
  readonly widget: WidgetOf<'number'>;
  readonly place: WidgetPlace;
}): ReactNode {
  const question = { ...asked, q: query };
  const before = beforeOf(question);
  const data = useWidget(['number', question, value], (signal) => askNumber(question, value, signal));
  const hasBefore = before !== undefined;
  const earlier = useWidget(
    ['number', before, value],
    (signal) => askNumber(before ?? question, value, signal),
    hasBefore,
  );
  return (
    <WidgetBody query={data} rows={2} isEmpty={() => false}>
      {({ number }) => (
        <p className="big">
          <HuntLink q={query} window={window} className="big-number">
            {number === undefined ? '–' : formatMeasured(number, value)}
          </HuntLink>
          <span className="muted">
            {number === undefined ? 'no event has a value' : nameMeasure(value)}
            {hasBefore && earlier.data !== undefined && number !== undefined && (
              <Change now={number} before={earlier.data.number} value={value} />
            )}
          </span>
        </p>
      )}
    </WidgetBody>
  );
}

function Change({
  now,
  before,
  value,
}: {
  readonly now: number;
  readonly before: number | undefined;
  readonly value: string | undefined;
}): ReactNode {
  if (before === undefined) return ' · nothing before';
  const change = changeOf(now, before);
  return (
    <>
      {' · '}
      <span title={`${formatMeasured(before, value)} in the time as long before`}>
        {change === undefined
          ? `${formatMeasured(before, value)} before`
          : `${change}${change.startsWith('as ') ? '' : ' on before'}`}
      </span>
    </>
  );
}

/** The time as long before; undefined where the window has no two ends. */
function beforeOf(asked: Asked): Asked | undefined {
  const { from, to } = asked;
  return from === undefined || to === undefined ? undefined : { ...asked, from: from - (to - from), to: from };
}

async function askNumber(
  asked: Asked,
  value: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly number: number | undefined }> {
  const measures = value === undefined ? [] : [value];
  const [all] = await measureGroups({ ...asked, by: [], limit: 1, measures }, signal);
  if (value === undefined) return { number: all?.count ?? 0 };
  return { number: all?.measured?.[0] ?? undefined };
}
