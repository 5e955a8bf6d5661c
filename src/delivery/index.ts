export {
  type AgentProfile,
  AgentProfileSchema,
  type Blackout,
  type CollectorKind,
  defaultProfileLimits,
  type ProfileCollector,
  type ProfileLimits,
  type ProfileSource,
  parseAgentProfile,
  type Weekday,
  weekdays,
} from './agent-profile.ts';
export {
  type AgentFile,
  type AgentHappening,
  type AgentHappeningKind,
  type AgentHost,
  AgentHostSchema,
  type AgentStatus,
  AgentStatusSchema,
  type HeartbeatAnswer,
  HeartbeatAnswerSchema,
  parseHeartbeatAnswer,
} from './agent-status.ts';
export { type Batch, BatchBuilder } from './batch.ts';
export { checkMessage, checkMessageText } from './check-message.ts';
export { type CheckpointState, parseCheckpointState, printCheckpointState } from './checkpoint-state.ts';
export {
  type ByteRange,
  type ContentMark,
  MarkMaker,
  markRange,
  matchesMarks,
  parseMarks,
  resumeMarks,
} from './content-marks.ts';
export {
  type ClaimedMark,
  type EnrollmentAnswer,
  EnrollmentAnswerSchema,
  type EnrollmentRequest,
  EnrollmentRequestSchema,
  enrollmentTokenForm,
  type KeyRotationAnswer,
  KeyRotationAnswerSchema,
  type KeyRotationRequest,
  KeyRotationRequestSchema,
  keyProofText,
  parseEnrollmentAnswer,
  parseKeyRotationAnswer,
  parseStreamClaimAnswer,
  type StreamClaim,
  type StreamClaimAnswer,
  StreamClaimAnswerSchema,
  StreamClaimSchema,
} from './enrollment.ts';
export { type FirstRecord, streamOf } from './fingerprint.ts';
export { heartbeatSeconds, messageLimits, profileWaitSecondsMax, silentSeconds } from './message-limits.ts';
export {
  type ByteSource,
  byteSourceOf,
  chunkBytesMax,
  fileError,
  openFile,
  PipeSource,
  type ReadableFile,
} from './open-file.ts';
export { checkPathPattern, defaultAllowedPaths, type PathRefusal } from './path-pattern.ts';
export { RecWriter } from './rec-writer.ts';
export {
  openProfile,
  type ProfileExpectation,
  type ProfilePayload,
  type SignedProfile,
  SignedProfileSchema,
  signProfile,
} from './signed-profile.ts';
export {
  contentDigest,
  isSigned,
  type RequestHeaders,
  type RequestSigner,
  readSignature,
  type SignableRequest,
  type SignatureClaims,
  signatureWindowSeconds,
  signRequest,
  verifyContent,
  verifyRequest,
  verifySignature,
} from './signed-request.ts';
export {
  isPublicKey,
  isSignatureOf,
  keyIdOf,
  makeSigningKey,
  readSigningKey,
  type SigningKey,
  signBytes,
  writeSigningKey,
} from './signing-key.ts';
