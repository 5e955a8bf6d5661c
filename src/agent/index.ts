export { type AgentConfig, type ConfigSources, configFileDefault, loadAgentConfig } from './config/agent-config.ts';
export { type AgentSetting, agentSettingsTable } from './config/config-table.ts';
export { type Enrolled, type EnrollOptions, enroll } from './enroll/enroll.ts';
export { newKeyFile } from './enroll/keep-identity.ts';
export { readEnrollmentToken } from './enroll/read-token.ts';
export type { FileFacts, FileSystem, FolderWatch, OpenFile, OpenMode } from './file-system.ts';
export { nodeFileSystem } from './node-file-system.ts';
export { createReading } from './reading/create-reading.ts';
export {
  type AgentEvent,
  type Blackout,
  type Clock,
  defaultProfileLimits,
  type ErrorCount,
  type FileState,
  type FileStatus,
  type ProfileLimits,
  type Reading,
  type ReadingCounts,
  type ReadingOptions,
  type ReadingProfile,
  type ReadingSource,
  type ReadingState,
  type ReadingStatus,
  type SpoolStatus,
} from './reading/reading.ts';
export { type AgentOptions, lockStateFolder, runAgent } from './run-agent.ts';
export type { NewBatch, Spool, SpoolEntry, SpoolFile } from './spool/spool.ts';
export { type LocalStatus, readLocalStatus } from './status/local-status.ts';
