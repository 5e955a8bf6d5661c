export type { AgentBook, Heard, Told } from './agent-book.ts';
export type { Agent, AgentState, ProfileState } from './agent-rows.ts';
export type { AgentStream, AgentStreams, UnclaimedGeneration } from './agent-streams.ts';
export { type AgentVoices, oldKeyMs, type Voice } from './agent-voices.ts';
export type { AgentListOptions, AgentSummary, Agents } from './agents.ts';
export { type ApiToken, type ApiTokens, apiTokenForm, type NewApiToken } from './api-tokens.ts';
export {
  type Asset,
  type Assignable,
  compareProfiles,
  createAssigner,
  type Fit,
  type FitReason,
  fitAssets,
  fitsOf,
  matchesHost,
} from './assign-profile.ts';
export type { Audit, AuditEntry, AuditFilter, AuditNote, AuditOutcome } from './audit.ts';
export type { CatalogOptions } from './connect.ts';
export type { NewUser } from './create-user.ts';
export type { DashboardContent, DashboardSummary, Dashboards, StoredDashboard } from './dashboards.ts';
export type { Enrolled, Enrollment } from './enroll-agent.ts';
export type { EnrollmentToken, EnrollmentTokens, NewToken } from './enrollment-tokens.ts';
export type { FleetOutbox, WaitingEvent } from './fleet-outbox.ts';
export type { Acceptance, Invitation, Invitations } from './invitations.ts';
export type { Leases } from './leases.ts';
export { catalogLimits } from './limits.ts';
export { type Catalog, openCatalog } from './open-catalog.ts';
export type { OpenIdRequests } from './open-id-requests.ts';
export {
  type ProfileAssets,
  ProfileAssetsSchema,
  type ProfileContent,
  ProfileContentSchema,
  parseProfileContent,
  TagSchema,
} from './profile-content.ts';
export type { ChangeNote, ProfileListOptions, Profiles, ProfileVersion, StoredProfile } from './profiles.ts';
export { type Role, roles } from './roles.ts';
export type { SavedSearch, SavedSearches, SearchContent, SearchWords } from './saved-searches.ts';
export type { SecondFactors } from './second-factors.ts';
export type { ServerIdentity } from './server-keys.ts';
export type { NewSession, Session, SessionLife, Sessions, SignInMethod } from './sessions.ts';
export type { CatalogTables } from './tables.ts';
export type { Credentials, User } from './user-rows.ts';
export type { UserChange, Users } from './users.ts';
