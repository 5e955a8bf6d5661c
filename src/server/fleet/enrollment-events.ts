import type { Enrolled } from '#catalog';
import type { FleetEvent } from './fleet-event.ts';

/** What an enrollment tells the fleet. */
export function enrollmentEvents({ agent, fresh, earlier }: Enrolled, address: string, time: number): FleetEvent[] {
  if (!fresh) return [];
  const about = { time, agentId: agent.id, host: agent.name, version: agent.version, address };
  const events: FleetEvent[] = [
    {
      ...about,
      kind: 'enrolled',
      key: `enrolled ${agent.id}`,
      message: `The agent on ${agent.name} was enrolled.`,
      details: { token: agent.tokenId, tags: agent.tags, machineId: agent.machineId, os: agent.os },
    },
  ];
  if (earlier.length === 0) return events;
  const living = earlier.filter(({ ended }) => !ended).map(({ id }) => id);
  events.push({
    ...about,
    kind: 'reenrolled',
    key: `reenrolled ${agent.id}`,
    message:
      living.length === 0
        ? `The host ${agent.name} was enrolled anew; the agent before ended.`
        : `The host ${agent.name} was enrolled anew, while an agent of it is still heard of: a copy may be running.`,
    details: { earlier: earlier.map(({ id }) => id), living },
  });
  return events;
}
