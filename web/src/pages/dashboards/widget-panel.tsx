import { type ReactNode, useState } from 'react';
import type { Widget } from '../../api/dashboards.ts';
import { HuntLink } from '../../parts/hunt-link.tsx';
import { showText } from '../../parts/show-characters.ts';
import { HeatWidget } from './heat-widget.tsx';
import { MapWidget } from './map-widget.tsx';
import { NumberWidget } from './number-widget.tsx';
import { RatioWidget } from './ratio-widget.tsx';
import { TableWidget } from './table-widget.tsx';
import { TopWidget } from './top-widget.tsx';
import { TrendWidget } from './trend-widget.tsx';
import { Seen, useSeen, type WidgetPlace } from './use-widget.ts';

/** Kinds that are pictures: they can be read as a table, too. */
const pictures: ReadonlySet<Widget['kind']> = new Set(['trend', 'heat', 'map']);

/** A widget in its panel: its title, what it means, and the hunt behind it. It asks once it is on the screen. */
export function WidgetPanel({ widget, place }: { readonly widget: Widget; readonly place: WidgetPlace }): ReactNode {
  const [element, seen] = useSeen();
  const [asTable, setAsTable] = useState(false);
  const { kind, about, query, width } = widget;
  const title = showText(widget.title);
  return (
    <section ref={element} className={`panel widget widget-${kind} w${width}`} aria-label={title}>
      <header>
        <h2>
          <bdi>{title}</bdi>
        </h2>
        <div className="widget-links">
          {pictures.has(kind) && (
            <button type="button" className="plain link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? 'Picture' : 'Table'}
              <span className="unseen">: {title}</span>
            </button>
          )}
          <HuntLink q={query} window={place.window}>
            Hunt<span className="unseen"> for {title}</span>
          </HuntLink>
        </div>
        {about !== undefined && (
          <p className="muted widget-about">
            <bdi>{showText(about)}</bdi>
          </p>
        )}
      </header>
      <Seen value={seen}>
        <Content widget={widget} place={place} asTable={asTable} />
      </Seen>
    </section>
  );
}

function Content({
  widget,
  place,
  asTable,
}: {
  readonly widget: Widget;
  readonly place: WidgetPlace;
  readonly asTable: boolean;
}): ReactNode {
  switch (widget.kind) {
    case 'number':
      return <NumberWidget widget={widget} place={place} />;
    case 'trend':
      return <TrendWidget widget={widget} place={place} asTable={asTable} />;
    case 'ratio':
      return <RatioWidget widget={widget} place={place} />;
    case 'top':
      return <TopWidget widget={widget} place={place} />;
    case 'table':
      return <TableWidget widget={widget} place={place} />;
    case 'heat':
      return <HeatWidget widget={widget} place={place} asTable={asTable} />;
    case 'map':
      return <MapWidget widget={widget} place={place} asTable={asTable} />;
  }
}
