import { createEvent, type Event, foldDnCached } from '#event';
import { type Change, readChanges } from './change.ts';

const noChanges: readonly Change[] = [];

/** What rules ask about the event at hand. One object serves all events; what costs is only looked up when asked for. */
export class Facts {
  event: Event = createEvent();
  /** Category and type, once they are decided. */
  pair = '';
  #changes: readonly Change[] | undefined;

  take(event: Event): void {
    this.event = event;
    this.#changes = undefined;
  }

  /** The named DN in folded form; as it stands, in lower case, where it is no DN. */
  get dn(): string | undefined {
    const { event } = this;
    return event.distinguishedNameFolded ?? event.distinguishedName?.toLowerCase();
  }

  get changes(): readonly Change[] {
    const { changes } = this.event;
    this.#changes ??= changes === undefined ? noChanges : readChanges(changes);
    return this.#changes;
  }

  /** Who acts: the named entry itself, somebody else, or nobody can tell. A borrowed identity counts, not the bound one. */
  get actor(): 'target' | 'other' | 'unknown' {
    const { event, dn } = this;
    if (dn === undefined) return 'unknown';
    const authorized = event.authorizationId;
    const acting = authorized === undefined ? event.boundDnFolded : foldDnCached(authorized.replace(/^dn:/i, ''));
    if (acting !== undefined) return acting === dn ? 'target' : 'other';
    return event.boundMethod === 'ANONYMOUS' ? 'other' : 'unknown';
  }
}
