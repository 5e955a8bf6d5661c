import { agentNodeFlags, agentPlaces, agentUnit } from '#server';
import { loadSources, renderGuide } from '#source';
import { categoriesPage } from './categories-page.ts';
import { configurationPage } from './configuration-page.ts';
import { errorsPage } from './errors-page.ts';
import { fieldsPage } from './fields-page.ts';
import { peoplePage } from './people-page.ts';
import { sourcesPage } from './sources-page.ts';

/** Writes one page. */
export type Page = () => string | Promise<string>;

/** The pages of `docs/` that are written from tables in the code. A test keeps them current; a new one is a new line here. */
const pages: Readonly<Record<string, Page>> = {
  'docs/categories.md': categoriesPage,
  'docs/configuration.md': configurationPage,
  'docs/errors.md': errorsPage,
  'docs/fields.md': fieldsPage,
  'docs/people.md': peoplePage,
  'docs/sources.md': sourcesPage,
  'packaging/meridian-agent.service': () =>
    agentUnit(`/usr/bin/node ${agentNodeFlags} ${agentPlaces.program} run --config ${agentPlaces.config}`),
};

/** All written pages by path: those above, and the mapping guide of every source. */
export async function loadPages(): Promise<Readonly<Record<string, Page>>> {
  const sources = await loadSources();
  const guides = sources.map((source) => [`docs/guides/${source.id}.md`, () => renderGuide(source, 'md')] as const);
  return { ...pages, ...Object.fromEntries(guides) };
}
