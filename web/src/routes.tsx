import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { NotFound, PageFailure } from './frame/page-states.tsx';
import {
  readEntitySearch,
  readHuntSearch,
  readLettersSearch,
  readTrySearch,
  readWindowSearch,
  readWords,
} from './search-state.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

/** Every page, and where its code is: it is fetched when somebody goes there. */
const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readWindowSearch,
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});
const hunt = createRoute({
  getParentRoute: () => root,
  path: '/hunt',
  validateSearch: readHuntSearch,
  component: lazyRouteComponent(() => import('./pages/hunt/hunt-page.tsx'), 'HuntPage'),
});
const event = createRoute({
  getParentRoute: () => root,
  path: '/events/$eventId',
  component: lazyRouteComponent(() => import('./pages/event/event-page.tsx'), 'EventPage'),
});
const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$sessionKey',
  component: lazyRouteComponent(() => import('./pages/session/session-page.tsx'), 'SessionPage'),
});
const entities = createRoute({
  getParentRoute: () => root,
  path: '/entities',
  validateSearch: readWindowSearch,
  component: lazyRouteComponent(() => import('./pages/entity/entities-page.tsx'), 'EntitiesPage'),
});
const entity = createRoute({
  getParentRoute: () => root,
  path: '/entities/$kind',
  validateSearch: readEntitySearch,
  component: lazyRouteComponent(() => import('./pages/entity/entity-page.tsx'), 'EntityPage'),
});
const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/dashboards',
  component: lazyRouteComponent(() => import('./pages/dashboards/dashboards-page.tsx'), 'DashboardsPage'),
});
const newDashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/new',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/dashboards/edit-page.tsx'), 'NewDashboardPage'),
});
const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/$dashboardId',
  validateSearch: readWindowSearch,
  component: lazyRouteComponent(() => import('./pages/dashboards/dashboard-page.tsx'), 'DashboardPage'),
});
const editDashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/$dashboardId/edit',
  component: lazyRouteComponent(() => import('./pages/dashboards/edit-page.tsx'), 'EditDashboardPage'),
});
const profiles = createRoute({
  getParentRoute: () => root,
  path: '/profiles',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/profiles/profiles-page.tsx'), 'ProfilesPage'),
});
const newProfile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/new',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/profiles/new-profile-page.tsx'), 'NewProfilePage'),
});
const profile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$profileId',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/profiles/profile-page.tsx'), 'ProfilePage'),
});
const editProfile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$profileId/edit',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/profiles/edit-profile-page.tsx'), 'EditProfilePage'),
});
const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/agents/agents-page.tsx'), 'AgentsPage'),
});
const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$agentId',
  validateSearch: readWords,
  component: lazyRouteComponent(() => import('./pages/agents/agent-page.tsx'), 'AgentPage'),
});
const enrollment = createRoute({
  getParentRoute: () => root,
  path: '/enrollment',
  component: lazyRouteComponent(() => import('./pages/enrollment/enrollment-page.tsx'), 'EnrollmentPage'),
});
const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyRouteComponent(() => import('./pages/sources/sources-page.tsx'), 'SourcesPage'),
});
const guide = createRoute({
  getParentRoute: () => root,
  path: '/sources/$sourceId',
  component: lazyRouteComponent(() => import('./pages/sources/guide-page.tsx'), 'GuidePage'),
});
const tryLine = createRoute({
  getParentRoute: () => root,
  path: '/try',
  validateSearch: readTrySearch,
  component: lazyRouteComponent(() => import('./pages/sources/try-page.tsx'), 'TryPage'),
});
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readLettersSearch,
  component: lazyRouteComponent(() => import('./pages/dead-letters/dead-letters-page.tsx'), 'DeadLettersPage'),
});
const enrichment = createRoute({
  getParentRoute: () => root,
  path: '/enrichment',
  component: lazyRouteComponent(() => import('./pages/enrichment/enrichment-page.tsx'), 'EnrichmentPage'),
});
const retention = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  component: lazyRouteComponent(() => import('./pages/retention/retention-page.tsx'), 'RetentionPage'),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('./pages/system/system-page.tsx'), 'SystemPage'),
});
const help = createRoute({
  getParentRoute: () => root,
  path: '/help/qql',
  component: lazyRouteComponent(() => import('./pages/help/qql-page.tsx'), 'QqlPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});
const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const routeTree = root.addChildren([
  overview,
  hunt,
  event,
  session,
  entities,
  entity,
  dashboards,
  newDashboard,
  dashboard,
  editDashboard,
  profiles,
  newProfile,
  profile,
  editProfile,
  agents,
  agent,
  enrollment,
  sources,
  guide,
  tryLine,
  deadLetters,
  enrichment,
  retention,
  system,
  account,
  users,
  audit,
  help,
]);

/** Texts in the address stay as they are: no JSON, so that people can read and write them. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) if (typeof value === 'string') words.set(name, value);
    const text = words.toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
