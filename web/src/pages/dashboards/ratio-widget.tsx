import type { ReactNode } from 'react';
import { measureGroups, type WidgetOf } from '../../api/dashboards.ts';
import type { Asked } from '../../api/events.ts';
import { formatCount, formatShare } from '../../parts/format.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { combine } from './combine.ts';
import { useWidget, type WidgetPlace } from './use-widget.ts';
import { WidgetBody } from './widget-body.tsx';

/** Which share of the events of the query the part is. */
export function RatioWidget({
  widget: { query, part },
  place: { asked, window },
}: {
  readonly widget: WidgetOf<'ratio'>;
  readonly place: WidgetPlace;
}): ReactNode {
  const data = useWidget(['ratio', asked, query, part], async (signal) => ({
    whole: await countAll({ ...asked, q: query }, signal),
    some: await countAll({ ...asked, q: combine(query, part) }, signal),
  }));
  return (
    <WidgetBody query={data} rows={2} isEmpty={() => false}>
      {({ whole, some }) => (
        <>
          <p className="big">
            <HuntLink q={combine(query, part)} window={window} className="big-number">
              {formatShare(some, whole)}
            </HuntLink>
            <span className="muted">
              {whole === 0 ? (
                'nothing to take a share of'
              ) : (
                <>
                  {formatCount(some)} of{' '}
                  <HuntLink q={query} window={window}>
                    {formatCount(whole)}
                  </HuntLink>
                </>
              )}
            </span>
          </p>
          <svg
            className="share"
            width="100%"
            height="6"
            viewBox="0 0 100 6"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <rect width="100" height="6" className="share-whole" />
            <rect width={whole === 0 ? 0 : (some / whole) * 100} height="6" className="share-part" />
          </svg>
        </>
      )}
    </WidgetBody>
  );
}

async function countAll(asked: Asked, signal: AbortSignal): Promise<number> {
  const [all] = await measureGroups({ ...asked, by: [], limit: 1 }, signal);
  return all?.count ?? 0;
}
