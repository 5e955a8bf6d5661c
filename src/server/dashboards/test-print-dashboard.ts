import { stringify } from '#yaml';
import { allTime, type Dashboard, type Widget } from './document.ts';

/** Writes a dashboard as YAML; read again, it is the same. */
export function printDashboard({ name, description, window, widgets }: Dashboard): string {
  return stringify(
    {
      meridianDashboard: 1,
      name,
      ...(description === '' ? {} : { description }),
      window: window === '' ? allTime : window,
      widgets: widgets.map(inOrder),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

const keys = ['kind', 'title', 'about', 'query', 'part', 'value', 'by', 'values', 'columns', 'sort', 'limit', 'width'];

/** A widget, its keys in the order in which people read them; an empty query is left out. */
function inOrder(widget: Widget): Readonly<Record<string, unknown>> {
  const parts = Object.entries(widget).filter(
    ([key, value]) => value !== undefined && !(key === 'query' && value === ''),
  );
  return Object.fromEntries(parts.sort(([one], [other]) => keys.indexOf(one) - keys.indexOf(other)));
}
