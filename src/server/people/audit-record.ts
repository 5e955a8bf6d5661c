import type { AuditEntry } from '#catalog';

/** Id of the data source of the audit trail. */
export const auditSource = 'meridian-audit';

/** Makes a record of an entry. Its number is its identity, so any server makes the same of it, any number of times. */
export function auditRecord(entry: AuditEntry, serverId: string): Readonly<Record<string, unknown>> {
  return {
    EventTime: entry.time,
    DeviceModel: 'Meridian',
    DeviceType: 'Server',
    source: auditSource,
    log: 'audit',
    verb: entry.action.replaceAll('.', '-').toUpperCase(),
    kind: entry.action,
    client: entry.address,
    authzid: entry.actor === '' ? undefined : entry.actor,
    target: entry.object === '' ? undefined : entry.object,
    text: entry.code === undefined ? entry.outcome : `${entry.outcome}: ${entry.code}`,
    message: sentenceOf(entry),
    extra: JSON.stringify({ number: entry.number, via: entry.via, actorId: entry.actorId }),
    stream: `${auditSource}:${serverId}`,
    generation: 0,
    position: entry.number,
  };
}

const outcomes = { success: '', failure: ' It failed', denied: ' It was denied' } as const;

/** One sentence: who did what to what, and what became of it. */
export function sentenceOf({ actor, action, object, outcome, code, detail }: AuditEntry): string {
  const who = actor === '' ? 'Somebody unknown' : actor;
  const what = `${who}: ${action}${object === '' ? '' : ` ${object}`}${detail === '' ? '' : ` (${detail})`}.`;
  return `${what}${outcomes[outcome]}${outcome === 'success' ? '' : code === undefined ? '.' : `: ${code}.`}`;
}
