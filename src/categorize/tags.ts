import type { Event } from '#event';

/** Tags of an authentication: none, or these. */
const clearMethods = new Set(['SIMPLE', 'NONE']);
const clearMechanisms = new Set(['PLAIN', 'LOGIN']);

/** Adds the marks that follow from the event itself and from its context (taxonomy §3.3). */
export function tag(event: Event, category: string): void {
  const added: string[] = [];
  if (category === 'authentication' || event.boundMethod !== undefined) tagIdentity(event, category, added);
  if (event.transport === 'ldapi') added.push('local');
  if (event.internalOperation === true) added.push('internal-op');
  if (event.actorPrivileged === true || event.actorKind === 'root') added.push('privileged-actor');
  if (event.targetPrivileged === true) added.push('privileged-target');
  if (event.actorKind === 'service') added.push('service-actor');
  if (event.actorKind === 'replication') added.push('replicated');
  if (event.threatIndicators !== undefined) added.push('threat');
  if (event.resultNotes !== undefined) tagNotes(event.resultNotes, added);
  if (added.length > 0) event.tags = event.tags === undefined ? added : [...new Set([...event.tags, ...added])];
}

function tagIdentity(event: Event, category: string, added: string[]): void {
  const bind = event.eventSubType === 'BIND' || event.requestType === 'BIND';
  const named = event.distinguishedName !== undefined;
  if (bind ? !named && event.method === 'SIMPLE' : event.boundMethod === 'ANONYMOUS' && category !== 'network') added.push('anonymous');
  if (!bind || event.transport !== 'plain') return;
  const clear = clearMethods.has(event.method ?? '') ? named : clearMechanisms.has(event.saslMechanism ?? '');
  if (clear) added.push('cleartext');
}

function tagNotes(notes: readonly string[], added: string[]): void {
  if (notes.includes('A') || notes.includes('U')) added.push('unindexed');
  if (notes.includes('M')) added.push('mfa');
}
