import type { Kysely, Selectable } from 'kysely';
import { catalogLimits } from './limits.ts';
import type { AuditTable } from './people-tables.ts';
import type { CatalogTables } from './tables.ts';

/** What became of what somebody did. */
export type AuditOutcome = 'success' | 'failure' | 'denied';

/** What somebody did; never with a secret in it. */
export interface AuditNote {
  /** Id of the user, `access-token`, or empty for people who were not let in. */
  readonly actorId: string;
  readonly actor: string;
  /** With what they came: a session, an API token, the access token. */
  readonly via: string;
  /** What was done, e.g. `user.create`. */
  readonly action: string;
  /** What it was done to. */
  readonly object: string;
  readonly outcome: AuditOutcome;
  /** Why it failed or was denied. */
  readonly code?: string | undefined;
  readonly address: string;
  /** One sentence, or nothing. */
  readonly detail: string;
}

/** An entry of the audit trail. */
export interface AuditEntry extends AuditNote {
  /** Counts up over all servers. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

export interface AuditFilter {
  /** Entries before this number. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
  /** Exact. */
  readonly actor?: string | undefined;
  /** The action, or what stands before its point. */
  readonly action?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** from ≤ time < to, epoch milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Who did what, when, from where, on which object. Entries are added, never changed. */
export interface Audit {
  add(note: AuditNote): Promise<AuditEntry>;
  /** Newest first. */
  list(filter?: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Entries that are not events yet, oldest first. */
  pending(limit: number): Promise<readonly AuditEntry[]>;
  /** Notes that entries are events, too. */
  markStored(numbers: readonly number[]): Promise<void>;
}

const counter = 'audit';
/** Entries over the limit are removed when there are as many more. */
const slack = 1_000;

type Database = Kysely<CatalogTables>;

/** See {@link Audit}. */
export function createAudit(database: Database, clock: () => number): Audit {
  return {
    async add(note) {
      const time = clock();
      const number = await database.transaction().execute(async (change) => {
        const { value } = await change
          .insertInto('counters')
          .values({ name: counter, value: 1 })
          .onConflict((conflict) =>
            conflict.column('name').doUpdateSet((update) => ({ value: update('counters.value', '+', 1) })),
          )
          .returning('value')
          .executeTakeFirstOrThrow();
        await change
          .insertInto('audit')
          .values({
            number: value,
            time,
            actor_id: note.actorId,
            actor: note.actor,
            via: note.via,
            action: note.action,
            object: note.object,
            outcome: note.outcome,
            code: note.code ?? null,
            address: note.address,
            detail: note.detail,
            stored: 0,
          })
          .execute();
        return Number(value);
      });
      if (number % slack === 0) {
        await database
          .deleteFrom('audit')
          .where('number', '<=', number - catalogLimits.auditEntries)
          .execute();
      }
      return { ...note, number, time };
    },
    async list({ before, limit = 100, actor, action, outcome, from, to } = {}) {
      const rows = await database
        .selectFrom('audit')
        .selectAll()
        .$if(before !== undefined, (chosen) => chosen.where('number', '<', before ?? 0))
        .$if(actor !== undefined, (chosen) => chosen.where('actor', '=', actor ?? ''))
        .$if(action !== undefined, (chosen) =>
          chosen.where((where) =>
            where.or([where('action', '=', action ?? ''), where('action', 'like', `${escapeLike(action ?? '')}.%`)]),
          ),
        )
        .$if(outcome !== undefined, (chosen) => chosen.where('outcome', '=', outcome ?? ''))
        .$if(from !== undefined, (chosen) => chosen.where('time', '>=', from ?? 0))
        .$if(to !== undefined, (chosen) => chosen.where('time', '<', to ?? 0))
        .orderBy('number', 'desc')
        .limit(Math.min(Math.max(1, limit), catalogLimits.pageRows))
        .execute();
      return rows.map(entryOf);
    },
    async pending(limit) {
      const rows = await database
        .selectFrom('audit')
        .selectAll()
        .where('stored', '=', 0)
        .orderBy('number')
        .limit(limit)
        .execute();
      return rows.map(entryOf);
    },
    async markStored(numbers) {
      if (numbers.length === 0) return;
      await database
        .updateTable('audit')
        .set({ stored: 1 })
        .where('number', 'in', [...numbers])
        .execute();
    },
  };
}

/** Actions are words without wildcards; whatever is asked for may hold some, and then matches nothing. */
function escapeLike(text: string): string {
  return text.replace(/[%_]/g, '');
}

function entryOf(row: Selectable<AuditTable>): AuditEntry {
  const outcome = row.outcome === 'denied' ? 'denied' : row.outcome === 'failure' ? 'failure' : 'success';
  return {
    number: row.number,
    time: row.time,
    actorId: row.actor_id,
    actor: row.actor,
    via: row.via,
    action: row.action,
    object: row.object,
    outcome,
    code: row.code ?? undefined,
    address: row.address,
    detail: row.detail,
  };
}
