import { randomBytes } from 'node:crypto';
import { AppError } from '#error';
import { type Event, toPlain } from '#event';
import { TailClient, type TailClientLimits } from './tail-client.ts';

/** Events of one batch on their way to the tails: shown only once they are stored. */
export interface TailBatch {
  /** Takes what somebody wants to see; copies it, so the event may be filled again. */
  offer(event: Event): void;
  /** The batch is in the store: shows it. Without this call nothing is shown. */
  publish(): void;
}

/** Counters of the tails of one server. */
export interface TailCounts {
  /** Tails with a reader now. */
  clients: number;
  matched: number;
  dropped: number;
  refused: number;
}

/** A reader's place at a tail. */
export interface TailSeat {
  readonly client: TailClient;
  /** False when a reader asked to go on from an event that is no longer remembered. */
  readonly complete: boolean;
  /** Leaves; the tail is kept for a while for the reader to come back. */
  leave(): void;
}

/** Shows events to open tails as this process stores them. */
export interface LiveTail {
  /**
   * Opens a tail on the events that match, or goes on with the one that `lastEventId` names. Throws `server-busy` when
   * there are too many.
   */
  open(query: string, matches: (event: Event) => boolean, lastEventId?: string): TailSeat;
  begin(): TailBatch;
  readonly counts: Readonly<TailCounts>;
  /** Ends all tails. */
  close(): void;
}

/** Limits of all tails together. */
export interface LiveTailLimits extends TailClientLimits {
  readonly tailClients: number;
}

/** A tail without a reader is kept this long. */
const lingerMs = 60_000;

/** Makes the tails of one server. */
export function createLiveTail(limits: LiveTailLimits, clock: () => number): LiveTail {
  const seats = new Map<string, { readonly client: TailClient; leftAt: number | undefined }>();
  const counts: TailCounts = { clients: 0, matched: 0, dropped: 0, refused: 0 };
  let closed = false;

  function forget(id: string): void {
    seats.get(id)?.client.end();
    seats.delete(id);
  }

  function forgetOld(): void {
    for (const [id, seat] of seats) {
      if (seat.leftAt !== undefined && clock() - seat.leftAt > lingerMs) forget(id);
    }
  }

  function find(
    query: string,
    lastEventId: string,
  ): { readonly client: TailClient; readonly complete: boolean } | undefined {
    const [id = '', number = ''] = lastEventId.split('.');
    const seat = seats.get(id);
    if (seat === undefined || seat.leftAt === undefined || seat.client.query !== query || !/^\d{1,15}$/.test(number))
      return undefined;
    return { client: seat.client, complete: seat.client.rewind(Number(number)) };
  }

  function add(query: string, matches: (event: Event) => boolean): TailClient {
    // Those nobody came back to make room first, the one left longest ago before the others.
    while (seats.size >= limits.tailClients) {
      const left = [...seats]
        .filter(([, seat]) => seat.leftAt !== undefined)
        .sort(([, a], [, b]) => (a.leftAt ?? 0) - (b.leftAt ?? 0))[0];
      if (left === undefined) {
        counts.refused += 1;
        throw new AppError('server-busy', `There are ${limits.tailClients} live tails open already.`, {
          hint: 'Close one, or try again later.',
        });
      }
      forget(left[0]);
    }
    return new TailClient(randomBytes(9).toString('base64url'), query, matches, limits);
  }

  return {
    counts,
    open(query, matches, lastEventId) {
      if (closed) throw new AppError('server-closing', 'The server is shutting down.');
      forgetOld();
      const found = lastEventId === undefined ? undefined : find(query, lastEventId);
      const client = found?.client ?? add(query, matches);
      const seat: { readonly client: TailClient; leftAt: number | undefined } = { client, leftAt: undefined };
      seats.set(client.id, seat);
      counts.clients += 1;
      return {
        client,
        complete: found?.complete ?? lastEventId === undefined,
        leave() {
          if (seat.leftAt !== undefined) return;
          seat.leftAt = clock();
          counts.clients -= 1;
          client.wake();
        },
      };
    },
    begin() {
      forgetOld();
      return createBatch(
        [...seats.values()].map((seat) => seat.client),
        limits,
        counts,
      );
    },
    close() {
      closed = true;
      for (const id of [...seats.keys()]) forget(id);
    },
  };
}

function createBatch(clients: readonly TailClient[], limits: LiveTailLimits, counts: TailCounts): TailBatch {
  const pending = clients.map((client) => ({ client, events: [] as string[], bytes: 0, lost: 0 }));
  return {
    offer(event) {
      let data: string | undefined;
      for (const part of pending) {
        if (!part.client.matches(event)) continue;
        // The copies of a large batch must not fill the memory; what is over is told as dropped.
        if (part.events.length >= limits.tailQueue || part.bytes >= limits.tailQueueBytes) {
          part.lost += 1;
          continue;
        }
        data ??= JSON.stringify(toPlain(event));
        part.events.push(data);
        part.bytes += data.length;
      }
    },
    publish() {
      for (const part of pending) {
        for (const data of part.events.splice(0)) {
          counts.matched += 1;
          counts.dropped += part.client.offer(data);
        }
        part.client.lose(part.lost);
        counts.dropped += part.lost;
        part.lost = 0;
      }
    },
  };
}
