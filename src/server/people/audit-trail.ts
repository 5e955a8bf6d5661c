import type { FastifyRequest } from 'fastify';
import type { AuditNote, AuditOutcome, Catalog } from '#catalog';
import type { Logger } from '#log';
import type { App } from '../app.ts';
import { createAttempts } from '../attempts.ts';
import { auditRecord } from './audit-record.ts';
import { callerOf } from './caller.ts';
import { ruleOf } from './route-table.ts';

/** What a route says of its request for the audit trail; never anything secret. */
export interface Audited {
  /** Whose account it is about, where the caller is not known yet. */
  readonly actorId?: string | undefined;
  readonly actor?: string | undefined;
  readonly object?: string | undefined;
  /** A few words. */
  readonly detail?: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    audited: Audited | undefined;
    /** Code of the failure the request is answered with. */
    failure: string | undefined;
  }
}

/** Keeps who did what. */
export interface AuditTrail {
  /** What is no event by then becomes one after the next start. */
  close(): Promise<void>;
}

/** What the trail needs. */
interface AuditTrailParts {
  readonly catalog: Catalog;
  /** Stores records, one JSON object a line. */
  readonly take: (body: Buffer) => Promise<void>;
  readonly log: Logger;
  readonly clock: () => number;
}

const batchMax = 500;
/** Entries become events together, this long after the first of them. */
const gatherMs = 1_000;
/** Entries that other servers left, or that wait for the store, are looked for this often. */
const againMs = 30_000;
/** Denials of one caller that are noted within a minute; more are counted in the log. */
const deniedMax = 30;
const deniedWindowMs = 60_000;
const objectLengthMax = 256;
const detailLengthMax = 1_024;
/** Word for what was denied on a route that is not noted otherwise. */
const deniedAction = 'access.deny';

/**
 * Notes every request to a route that the table of routes names a word for, once it is known what became of it and before
 * it is answered; and everything that is denied to somebody known. Entries lie in the catalog and become events from
 * there, so none is lost while the store is away.
 */
export function createAuditTrail(app: App, { catalog, take, log, clock }: AuditTrailParts): AuditTrail {
  const denials = createAttempts(deniedMax, deniedWindowMs, clock);
  let working: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  async function forward(): Promise<void> {
    for (;;) {
      const entries = await catalog.audit.pending(batchMax);
      if (entries.length === 0) return;
      const lines = entries.map((entry) => `${JSON.stringify(auditRecord(entry, catalog.identity.serverId))}\n`);
      await take(Buffer.from(lines.join('')));
      await catalog.audit.markStored(entries.map(({ number }) => number));
    }
  }

  function begin(): void {
    clearTimeout(soon);
    soon = undefined;
    working ??= forward()
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'entries of the audit trail wait to become events'))
      .finally(() => {
        working = undefined;
      });
  }

  async function note(request: FastifyRequest, status: number): Promise<void> {
    const entry = noteOf(request, status);
    if (entry === undefined) return;
    if (entry.outcome === 'denied' && denials.fail(`${entry.actorId} ${entry.address}`) > 0) {
      log.warn({ actor: entry.actorId, action: entry.action }, 'denied again and again; no longer noted');
      return;
    }
    try {
      await catalog.audit.add(entry);
      soon ??= setTimeout(begin, gatherMs).unref();
    } catch (thrown) {
      log.error({ err: thrown, action: entry.action, actor: entry.actorId }, 'the audit trail could not be written');
    }
  }

  app.decorateRequest('audited', undefined);
  app.decorateRequest('failure', undefined);
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.audited?.object === undefined && isNoted(request)) {
      const object = objectOf(payload);
      if (object !== undefined) request.audited = { ...request.audited, object };
    }
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    await note(request, reply.statusCode);
    return payload;
  });
  const timer = setInterval(begin, againMs).unref();
  soon = setTimeout(begin, gatherMs).unref();

  return {
    async close() {
      clearInterval(timer);
      clearTimeout(soon);
      await working;
    },
  };
}

function isNoted(request: FastifyRequest): boolean {
  return wordOf(request) !== undefined;
}

function wordOf(request: FastifyRequest): string | undefined {
  return ruleOf(request.method, request.routeOptions.url ?? '').audit;
}

/** What there is to note of a request; undefined for reading, for what was not well formed, and for what nobody knows. */
function noteOf(request: FastifyRequest, status: number): AuditNote | undefined {
  const word = wordOf(request);
  const outcome = outcomeOf(status);
  const { audited } = request;
  const caller = callerOf(request);
  const isKnown = caller.id !== '' || audited?.actorId !== undefined;
  if (outcome === undefined || (word === undefined && (outcome !== 'denied' || !isKnown))) return undefined;
  // Whoever brings no token at all is not worth a line; a sign-in that failed is.
  if (outcome === 'denied' && request.failure === 'token-missing') return undefined;
  return {
    actorId: audited?.actorId ?? caller.id,
    actor: audited?.actor ?? caller.name,
    via: caller.via,
    action: word ?? deniedAction,
    object: cut(audited?.object ?? paramsOf(request) ?? (word === undefined ? routeOf(request) : ''), objectLengthMax),
    outcome,
    code: outcome === 'success' ? undefined : request.failure,
    address: request.ip,
    detail: cut(audited?.detail ?? '', detailLengthMax),
  };
}

function outcomeOf(status: number): AuditOutcome | undefined {
  if (status < 400) return 'success';
  if (status === 401 || status === 403) return 'denied';
  return status >= 500 ? 'failure' : undefined;
}

function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`;
}

function paramsOf({ params }: FastifyRequest): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const values = Object.values(params).filter((value) => typeof value === 'string');
  return values.length === 0 ? undefined : values.join(' ');
}

/** Name and id of what a route answers with, when it has them. */
function objectOf(payload: unknown): string | undefined {
  const id = textAt(payload, 'id');
  const name = textAt(payload, 'name') ?? textAt(at(payload, 'content'), 'name') ?? textAt(payload, 'description');
  if (id === undefined || name === undefined || name === '') return id;
  return `${name} (${id})`;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
