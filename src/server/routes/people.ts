import type { App } from '../app.ts';
import type { People } from '../people/people.ts';
import { addAccountRoutes } from './account.ts';
import { addApiTokenRoutes } from './api-tokens.ts';
import { addAuditRoute } from './audit.ts';
import { addInvitationRoutes } from './invitations.ts';
import { addSavedSearchRoutes } from './saved-searches.ts';
import { addSecondFactorRoutes } from './second-factor.ts';
import { addSessionRoutes } from './session.ts';
import { addSignInWayRoutes } from './sign-in-ways.ts';
import { addUserRoutes } from './users.ts';

/** Adds everything about people. */
export function addPeopleRoutes(app: App, people: People, publicUrl: string | undefined): void {
  addSessionRoutes(app, people);
  addSignInWayRoutes(app, people, publicUrl);
  addInvitationRoutes(app, people);
  addAccountRoutes(app, people);
  addSecondFactorRoutes(app, people);
  addApiTokenRoutes(app, people);
  addUserRoutes(app, people, publicUrl);
  addAuditRoute(app, people);
  addSavedSearchRoutes(app, people);
}
