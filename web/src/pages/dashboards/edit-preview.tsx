import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Dashboard } from '../../api/dashboards.ts';
import { showText } from '../../parts/show-characters.ts';
import { Bones, Empty } from '../../parts/states.tsx';
import { useWindow } from '../../parts/use-window.ts';
import type { TimeWindow } from '../../query/time-window.ts';
import { usualWindow, WidgetGrid } from './widget-grid.tsx';

/** What the text shows, or that it shows nothing yet. */
export function EditPreview({
  dashboard,
  isComing,
  onAdd,
}: {
  readonly dashboard: Dashboard | undefined;
  readonly isComing: boolean;
  readonly onAdd: () => void;
}): ReactNode {
  return (
    <section className="edit-preview" aria-label="Preview">
      {dashboard !== undefined ? (
        <Preview key={dashboard.window} dashboard={dashboard} onAdd={onAdd} />
      ) : (
        <div className="panel">
          {isComing ? (
            <Bones rows={6} />
          ) : (
            <Empty title="No preview yet">
              <p>It comes as soon as the text at the left is a dashboard.</p>
            </Empty>
          )}
        </div>
      )}
    </section>
  );
}

/** The window is its own: zooming into it leaves the address, and the text, as they are. */
function Preview({ dashboard, onAdd }: { readonly dashboard: Dashboard; readonly onAdd: () => void }): ReactNode {
  const usual = usualWindow(dashboard);
  const [zoomed, setZoomed] = useState<TimeWindow>();
  const page = useWindow(zoomed ?? usual, setZoomed);
  return (
    <>
      <h2>
        <bdi>{showText(dashboard.name)}</bdi>
      </h2>
      {zoomed !== undefined && (
        <p className="notice">
          This is a part of the window.{' '}
          <button type="button" className="plain link" onClick={() => setZoomed(undefined)}>
            Show the whole
          </button>
        </p>
      )}
      <WidgetGrid
        widgets={dashboard.widgets}
        page={page}
        none={
          <Button size="xs" onClick={onAdd}>
            Add the first widget
          </Button>
        }
      />
    </>
  );
}
