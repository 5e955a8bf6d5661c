import { isMap, isSeq } from '#yaml';
import type { Dashboard } from './document.ts';
import { dashboardLimits } from './limits.ts';
import { locate } from './located-text.ts';
import { errorOf, plainProblem } from './problem.ts';
import {
  type DashboardReading,
  lookAtDashboard,
  openDashboard,
  readDashboard,
  refusalProblem,
} from './read-dashboard.ts';

/** Long lines stay whole: where a text is folded is no business of a program. */
const style = { lineWidth: 0 } as const;

/** Gives the text with another name, and what it then says; comments and the rest stay. Throws `dashboard-invalid` where it is no dashboard. */
export function renameDashboard(
  text: string,
  name: string,
): { readonly yaml: string; readonly reading: DashboardReading } {
  const { document } = openDashboard(text).located;
  document.set('name', name);
  const yaml = document.toString(style);
  return { yaml, reading: lookAtDashboard(yaml) };
}

/**
 * Gives the text with a widget at its end, and what it then says; comments and the rest stay. Throws `dashboard-invalid`
 * where the text is no dashboard, or the widget none.
 */
export function addWidget(
  text: string,
  widget: Readonly<Record<string, unknown>>,
): { readonly yaml: string; readonly reading: { readonly dashboard: Dashboard; readonly problems: readonly [] } } {
  const found = locate(text);
  if (found.refusal !== undefined) throw errorOf(refusalProblem(found.lines, found.refusal));
  if (isDeeper(widget, dashboardLimits.widgetNesting)) throw errorOf(plainProblem('The widget nests too deep.'));
  const { document } = found.located;
  // It lacks more than the list of widgets: reading it tells what.
  if (!isMap(document.contents)) readDashboard(text);
  const node = document.createNode(widget);
  const list: unknown = document.get('widgets', true);
  if (isSeq(list) && list.items.length > 0) list.add(node);
  else document.set('widgets', document.createNode([widget]));
  const yaml = document.toString(style);
  return { yaml, reading: { dashboard: readDashboard(yaml), problems: [] } };
}

/** Whether lists and maps stand deeper within one another than that; goes no deeper itself. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
