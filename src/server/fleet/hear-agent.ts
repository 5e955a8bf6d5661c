import type { Agent, Heard } from '#catalog';
import type { AgentHappening, AgentStatus } from '#delivery';
import type { FleetEvent } from './fleet-event.ts';

/** Happenings that the server sees by itself in the status of the agent. */
const seenAnyway: ReadonlySet<AgentHappening['kind']> = new Set(['profile-applied', 'profile-refused']);
/** An agent's clock may be wrong; a happening is not dated further off than this. */
const farOffMs = 366 * 86_400_000;

/** What a heartbeat changes, compared with the one before. */
export function changesOf({ before, now }: Heard, address: string, time: number): FleetEvent[] {
  const about = aboutOf(now, address);
  return [
    ...(before.silentSince === undefined ? [] : [back(before, time, about)]),
    ...profileEvents(before, now, time, about),
  ];
}

/** What the agent saw itself, and had not told before. */
export function happeningsOf({ now, fresh }: Heard, status: AgentStatus, address: string, time: number): FleetEvent[] {
  return fresh.flatMap((happening) => ownEvent(happening, status, time, aboutOf(now, address)));
}

function aboutOf({ id, name, version }: Agent, address: string): About {
  return { agentId: id, host: name, version, address };
}

type About = Pick<FleetEvent, 'agentId' | 'host' | 'version' | 'address'>;

function back(before: Agent, time: number, about: About): FleetEvent {
  return {
    ...about,
    kind: 'back',
    key: `back ${before.id} ${before.silentSince}`,
    time,
    message: `The agent on ${about.host} is heard again.`,
    details: { silentSince: before.silentSince, lastSeen: before.lastSeen },
  };
}

function profileEvents(before: Agent, now: Agent, time: number, about: About): FleetEvent[] {
  const { revision, appliedRevision, refusedCode, refusedSentence } = now.profile;
  const details = { revision, profileId: now.profile.profileId, profileVersion: now.profile.profileVersion };
  if (now.profile.state === 'applied' && before.profile.appliedRevision !== appliedRevision) {
    const message = `The agent on ${about.host} follows revision ${revision}.`;
    return [
      { ...about, kind: 'profile-applied', key: `profile-applied ${now.id} ${revision}`, time, message, details },
    ];
  }
  if (now.profile.state === 'refused' && before.profile.state !== 'refused') {
    const message = `The agent on ${about.host} refuses revision ${revision}: ${refusedSentence ?? ''}`;
    const key = `profile-refused ${now.id} ${revision}`;
    return [{ ...about, kind: 'profile-refused', key, time, message, details: { ...details, code: refusedCode } }];
  }
  return [];
}

function ownEvent(happening: AgentHappening, status: AgentStatus, time: number, about: About): FleetEvent[] {
  const { kind, sequence, place, code, sentence } = happening;
  if (seenAnyway.has(kind)) return [];
  return [
    {
      ...about,
      kind,
      key: `happening ${about.agentId} ${status.instance} ${sequence}`,
      time: Math.abs(happening.time - time) > farOffMs ? time : happening.time,
      message: sentence ?? `${kind} on ${about.host}`,
      details: { place, code, sequence },
    },
  ];
}
