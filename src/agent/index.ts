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
export type { NewBatch, Spool, SpoolEntry, SpoolFile } from './spool/spool.ts';
