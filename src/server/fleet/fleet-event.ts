import { createHash } from 'node:crypto';
import type { AgentHappeningKind } from '#delivery';

/** What the server itself sees happen in the fleet. */
export type FleetEventKind =
  | 'enrolled'
  | 'unenrolled'
  | 'reenrolled'
  | 'key-rotated'
  | 'silent'
  | 'back'
  | 'identity-copied'
  | 'profile-changed'
  | 'profile-applied'
  | 'profile-refused'
  | 'gap'
  | 'gap-closed'
  | AgentHappeningKind;

/** Something that happened to an agent, or to what it reads. */
export interface FleetEvent {
  readonly kind: FleetEventKind;
  /** Says which happening it is: the same key again is the same event, and is stored once. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly agentId?: string | undefined;
  readonly host?: string | undefined;
  readonly version?: string | undefined;
  /** Address the agent speaks from. */
  readonly address?: string | undefined;
  /** One sentence. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Id of the data source of fleet events. */
export const fleetSource = 'meridian-fleet';

/** Makes a record of an event. Its identity comes from its key, so that any server makes the same of it, any number of times. */
export function fleetRecord(event: FleetEvent): Readonly<Record<string, unknown>> {
  return {
    EventTime: Math.floor(event.time),
    DeviceModel: 'Meridian Agent',
    DeviceType: 'Agent',
    source: fleetSource,
    log: 'fleet',
    verb: event.kind.toUpperCase(),
    kind: event.kind,
    host: event.host,
    agent: event.agentId,
    client: event.address,
    serverVersion: event.version,
    message: event.message,
    extra: event.details === undefined ? undefined : JSON.stringify(event.details),
    stream: fleetSource,
    generation: 0,
    position: positionOf(event.key),
  };
}

/** 52 bits of the key's hash: a whole number that is exact everywhere. */
function positionOf(key: string): number {
  return Number.parseInt(createHash('sha256').update(key).digest('hex').slice(0, 13), 16);
}
