import type { ReactNode } from 'react';
import type { Dashboard, Widget } from '../../api/dashboards.ts';
import { Empty } from '../../parts/states.tsx';
import { type PageWindow, usePageWindow } from '../../parts/use-window.ts';
import type { TimeWindow } from '../../query/time-window.ts';
import type { WindowSearch } from '../../search-state.ts';
import { WidgetPanel } from './widget-panel.tsx';
import '../../styles/series.css';
import './dashboards.css';

/** The window a dashboard shows unless somebody chooses. */
export function usualWindow({ window: from }: Pick<Dashboard, 'window'>): TimeWindow {
  return from === '' ? { from: '', to: '' } : { from, to: 'now' };
}

/** The window of a dashboard: as the address says, else as the dashboard does. */
export function useDashboardWindow(dashboard: Pick<Dashboard, 'window'>, search: WindowSearch): PageWindow {
  return usePageWindow({ ...usualWindow(dashboard), ...search });
}

/** The widgets of a dashboard, on twelve columns. */
export function WidgetGrid({
  widgets,
  page,
  none,
}: {
  readonly widgets: readonly Widget[];
  readonly page: PageWindow;
  /** What stands there when there are none. */
  readonly none: ReactNode;
}): ReactNode {
  const { asked, window, setWindow } = page;
  if (widgets.length === 0) {
    return (
      <div className="panel">
        <Empty title="No widgets yet">{none}</Empty>
      </div>
    );
  }
  return (
    <div className="widget-room">
      <div className="widget-grid">
        {widgets.map((widget, index) => (
          <WidgetPanel
            // biome-ignore lint/suspicious/noArrayIndexKey: two widgets may be equal; their place tells them apart
            key={`${index} ${widget.kind} ${widget.title}`}
            widget={widget}
            place={{ asked, window, onWindow: setWindow }}
          />
        ))}
      </div>
    </div>
  );
}
