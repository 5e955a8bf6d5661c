import { type Event, fields, type Label, type Rec, toPlain } from '#event';
import type { Farm } from './test-farm.ts';

/** An event as a plain object. */
export type PlainEvent = Readonly<Partial<Record<Label, unknown>>>;

/** What tells where an event came from and when; all else must be the same whichever way it came. */
const ownToTheWay: ReadonlySet<string> = new Set(
  Object.entries(fields)
    .filter(([label, { group }]) => group === 'system' && label !== 'correlation' && label !== 'position')
    .map(([label]) => label),
);

/** An event as one text, without what is own to the way it came. */
export function comparable(event: PlainEvent): string {
  const entries = Object.entries(event).filter(([label, value]) => value !== undefined && !ownToTheWay.has(label));
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a one-shot reading of these files, oldest first, makes of them. */
export function expectedEvents(
  contents: readonly string[],
  { source, normalize, finish }: Farm,
): readonly PlainEvent[] {
  const reader = source.createReader({ log: 'access' });
  const events: PlainEvent[] = [];
  const sink = {
    record: (rec: Rec): void => {
      const event = normalize(rec);
      if ('code' in event) throw new Error(`${event.code}: ${rec.raw}`);
      finish(event as Event);
      events.push(toPlain(event as Event));
    },
    dead: ({ raw }: { raw: string }): void => {
      throw new Error(`not a record: ${raw}`);
    },
  };
  for (const content of contents.filter((text) => text !== '')) {
    reader.startFile({ stream: 's', generation: 0, position: 0 });
    reader.push(Buffer.from(content), sink);
    reader.endFile(sink);
  }
  return events;
}
