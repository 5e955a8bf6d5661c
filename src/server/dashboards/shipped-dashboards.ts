import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Dashboard } from './document.ts';
import { readDashboard } from './read-dashboard.ts';

/** A dashboard that comes with the product: a file of its own, which nobody changes. */
export interface ShippedDashboard {
  /** Name of the file. */
  readonly id: string;
  readonly yaml: string;
  readonly dashboard: Dashboard;
}

const folder = new URL('./shipped/', import.meta.url);
const ending = '.yaml';

/** Reads the dashboards that come with the product, by name. Throws `dashboard-invalid` when one of them is none. */
export async function loadShippedDashboards(): Promise<readonly ShippedDashboard[]> {
  const files = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith(ending));
  const shipped = await Promise.all(
    files.map(async (file) => {
      const yaml = await readFile(new URL(file, folder), 'utf8');
      return { id: file.slice(0, -ending.length), yaml, dashboard: readDashboard(yaml) };
    }),
  );
  return shipped.sort((one, other) => (one.dashboard.name < other.dashboard.name ? -1 : 1));
}
