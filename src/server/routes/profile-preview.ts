import { Type } from 'typebox';
import { type Catalog, compareProfiles, fitsOf, ProfileContentSchema, parseProfileContent } from '#catalog';
import type { Source } from '#source';
import type { App } from '../app.ts';
import { exactBody } from '../exact-body.ts';
import { judgeProfile } from '../fleet/judge-profile.ts';
import type { ProfileBook } from '../fleet/profile-book.ts';
import { printProfileYaml } from '../fleet/profile-yaml.ts';
import { viewFit } from '../fleet/view-agent.ts';
import { failures } from '../schemas.ts';

/** Agents of a preview; the others are counted. */
const agentsMax = 1_000;

/** `POST /profiles/preview`: what a profile would do, before it is saved. */
export function addProfilePreviewRoute(
  app: App,
  {
    catalog,
    profiles,
    sources,
  }: { readonly catalog: Catalog; readonly profiles: ProfileBook; readonly sources: readonly Source[] },
): void {
  app.post(
    '/profiles/preview',
    {
      validatorCompiler: exactBody,
      schema: {
        tags: ['profiles'],
        summary:
          'Says which agents a profile would fit, which of them would get it, what they would refuse, and how it reads as YAML.',
        description: 'With `?id=` it is looked at in the place of a profile that is there.',
        body: ProfileContentSchema,
        response: { 200: Type.Object({}, { additionalProperties: true }), ...failures },
      },
    },
    async (request) => {
      const content = parseProfileContent(request.body);
      const id = idOf(request.query);
      const draft = { id, version: 0, content };
      const { profiles: all } = await profiles.current();
      const others = all.filter((profile) => profile.id !== id);
      const fitting = (await catalog.agents.living()).flatMap((agent) => {
        const fits = fitsOf(agent, [...others, draft]);
        const own = fits.findIndex(({ profile }) => profile === draft);
        if (own === -1) return [];
        const { id: agentId, name, tags, state } = agent;
        return [{ agentId, name, tags, state, gets: own === 0, fits: fits.map(viewFit) }];
      });
      const overlapping = new Set(fitting.flatMap(({ fits }) => fits.map(({ profileId }) => profileId)));
      return {
        agents: fitting.slice(0, agentsMax),
        total: fitting.length,
        gets: fitting.filter(({ gets }) => gets).length,
        overlaps: others
          .filter((profile) => overlapping.has(profile.id))
          .sort((one, other) => compareProfiles(one.content, other.content))
          .map(({ id: profileId, content: { name, priority } }) => ({
            profileId,
            name,
            priority,
            first: compareProfiles(content, { ...content, name, priority }) > 0,
          })),
        notices: judgeProfile(content.profile, sources),
        yaml: printProfileYaml(content),
      };
    },
  );
}

/** Id of the profile that is looked at anew; a name that no profile has for a new one. */
function idOf(query: unknown): string {
  if (typeof query !== 'object' || query === null || !('id' in query)) return 'draft';
  return typeof query.id === 'string' && query.id.length <= 64 ? query.id : 'draft';
}
