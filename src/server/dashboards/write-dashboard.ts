import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { allTime, type Dashboard, type Widget } from './document.ts';
import { readDashboard } from './read-dashboard.ts';

/** Long lines stay whole: where a text is folded is no business of a program. */
const style = { lineWidth: 0 } as const;

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
    { ...style, aliasDuplicateObjects: false },
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

/** Gives the text with another name; comments and the rest stay. Throws `dashboard-invalid` where it is no dashboard. */
export function renameDashboard(text: string, name: string): string {
  readDashboard(text);
  const document = parseDocument(text);
  document.set('name', name);
  return document.toString(style);
}

/**
 * Gives the text with a widget at its end; comments and the rest stay. Throws `dashboard-invalid` where the text is no
 * dashboard, or the widget none.
 */
export function addWidget(text: string, widget: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text, { schema: 'core' });
  if (document.errors.length > 0 || !isMap(document.contents)) {
    readDashboard(text);
  }
  const node = document.createNode(widget);
  const list: unknown = document.get('widgets', true);
  if (isSeq(list) && list.items.length > 0) list.add(node);
  else document.set('widgets', document.createNode([widget]));
  const written = document.toString(style);
  readDashboard(written);
  return written;
}
