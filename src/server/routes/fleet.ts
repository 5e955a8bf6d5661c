import type { Source } from '#source';
import type { Store } from '#store';
import type { App } from '../app.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { addAgentSelfRoutes } from './agent-self.ts';
import { addAgentRoutes } from './agents.ts';
import { addEnrollmentRoutes } from './enrollment.ts';
import { addProfileAgentsRoute } from './profile-agents.ts';
import { addProfilePreviewRoute } from './profile-preview.ts';
import { addProfileRoutes } from './profiles.ts';

/** What the routes of the fleet need. */
export interface FleetRouteParts extends Fleet {
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly agentFile: string | undefined;
  readonly publicUrl: string | undefined;
}

/** Everything about agents: what they ask, what people set for them, and how they come in. */
export function addFleetRoutes(app: App, parts: FleetRouteParts): void {
  addAgentSelfRoutes(app, parts);
  addAgentRoutes(app, parts);
  addProfileRoutes(app, parts);
  addProfilePreviewRoute(app, parts);
  addProfileAgentsRoute(app, parts);
  addEnrollmentRoutes(app, parts);
}
