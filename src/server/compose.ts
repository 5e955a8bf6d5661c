import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { Catalog } from '#catalog';
import { AppError } from '#error';
import type { Logger } from '#log';
import { createNormalizer, createRecordReader } from '#normalize';
import type { Stage } from '#pipeline';
import type { Source } from '#source';
import type { Store } from '#store';
import { createAccess } from './access.ts';
import { answerBrokenRequest, createErrorAnswers, unknownRoute } from './answer-error.ts';
import type { App } from './app.ts';
import { createAttempts } from './attempts.ts';
import { loadShippedDashboards } from './dashboards/shipped-dashboards.ts';
import { createFleet } from './fleet/fleet.ts';
import { createGate } from './gate.ts';
import { defaultLimits, type ServerLimits } from './limits.ts';
import { createLiveTail } from './live-tail.ts';
import { createMetrics } from './metrics.ts';
import { addOpenApiRoute, collectOpenApi } from './openapi.ts';
import { ownSources } from './own-sources.ts';
import { createTextParser } from './parse-text.ts';
import { auditSource } from './people/audit-record.ts';
import { createAuditTrail } from './people/audit-trail.ts';
import { createPeople, type PeopleOptions } from './people/people.ts';
import { addCompletenessRoutes } from './routes/completeness.ts';
import { addConsoleRoutes } from './routes/console.ts';
import { addCountRoute } from './routes/count.ts';
import { addDashboardRoutes } from './routes/dashboards.ts';
import { addDeadLetterRoutes } from './routes/dead-letters.ts';
import { addEnrichmentRoutes, type EnrichmentView } from './routes/enrichment.ts';
import { addEventRoutes } from './routes/events.ts';
import { addExportRoute } from './routes/export.ts';
import { addFacetsRoute } from './routes/facets.ts';
import { addFieldRoutes } from './routes/fields.ts';
import { addFleetRoutes } from './routes/fleet.ts';
import { addGroupRoute } from './routes/group.ts';
import { addGuideRoute } from './routes/guides.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addHistogramRoute } from './routes/histogram.ts';
import { addLandingRoute } from './routes/landing.ts';
import { addParseRoute } from './routes/parse.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addQueryRoutes } from './routes/query.ts';
import { addRecordsRoute } from './routes/records.ts';
import { addReplayRoute } from './routes/replay.ts';
import { addRetentionRoutes } from './routes/retention.ts';
import { addSearchRoute } from './routes/search.ts';
import { addSourceRoute } from './routes/sources.ts';
import { addSystemRoute } from './routes/system.ts';
import { addTailRoute } from './routes/tail.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { takeBatch } from './take-batch.ts';

/** What a server is made of. Nothing is global: two servers in one process share only what is given to both. */
export interface ServerParts {
  readonly store: Store;
  readonly sources: readonly Source[];
  /** What follows normalizing: enrich, categorize. */
  readonly stages: readonly Stage[];
  /** Tells which context the enriching stage has; absent when there is none. */
  readonly enricher?: EnrichmentView | undefined;
  /** Folder of the context files; without it none can be uploaded. */
  readonly enrichFolder?: string | undefined;
  /** Access token; see `readToken`. */
  readonly token: string;
  readonly log: Logger;
  /** What people set, who they are, and who the agents are. */
  readonly catalog: Catalog;
  /** How people sign in. */
  readonly people?: PeopleOptions | undefined;
  /** The agent as one JavaScript file, to hand out. */
  readonly agentFile?: string | undefined;
  /** URL at which agents and people reach the server, where it is another than the one that requests name. */
  readonly publicUrl?: string | undefined;
  /** Folder of the built console; without it, `/` is one static page on the API. */
  readonly consoleFolder?: string | undefined;
  /** Shown in the OpenAPI page. */
  readonly version: string;
  readonly limits?: Partial<ServerLimits>;
  /** Epoch milliseconds; for tests. */
  readonly clock?: () => number;
}

/** Largest request head, in bytes: a long QQL query goes into a POST. */
const headBytesMax = 32 * 1024;
const pathPartMax = 512;

/** Joins everything: the HTTP API, not listening yet. */
export async function composeServer(parts: ServerParts): Promise<App> {
  const { store, sources, stages, catalog, log, publicUrl, clock = Date.now } = parts;
  const limits: ServerLimits = { ...defaultLimits, ...parts.limits };
  const attempts = createAttempts(limits.attempts, limits.attemptsWindowMs, clock);
  const tail = createLiveTail(limits, clock);
  const batches = createGate(limits.batchesInFlight, limits.batchesWaiting);
  const exports = createGate(limits.exports, 0);
  const metrics = createMetrics({ store, tail, attempts, batches, own: ownSources(sources) }, clock);
  const normalizer = createNormalizer(sources, { clock });
  const steps = {
    store,
    sources,
    readRecord: createRecordReader(sources),
    normalize: normalizer.normalize,
    stages,
    limits,
  };
  const fleet = createFleet(catalog, { ...steps, tail, log, clock });
  const people = createPeople({ catalog, token: parts.token, attempts, options: parts.people ?? {}, log, clock });
  const dashboards = await loadShippedDashboards();
  const parse = createTextParser({ ...steps, recordsMax: limits.parseRecords });
  const app = createApp(limits, log, createErrorAnswers(metrics.refused));

  let closing = false;
  app.addHook('onRequest', setSecurityHeaders);
  app.addHook('onRequest', async () => {
    if (closing) throw new AppError('server-closing', 'The server is shutting down.');
  });
  app.addHook('onRequest', createAccess({ identify: people.identify, attempts, door: fleet.door }));
  app.addHook('onResponse', async (request, reply) => {
    metrics.requestDone(
      request.method,
      request.routeOptions.url ?? 'unknown',
      reply.statusCode,
      reply.elapsedTime / 1_000,
    );
  });
  app.addHook('preClose', async () => {
    closing = true;
    // A tail never ends by itself; the others may finish.
    tail.close();
    fleet.profiles.close();
  });
  app.addHook('onListen', async () => fleet.checks.start());
  app.addHook('onClose', () => fleet.close());
  app.decorateRequest('caller', undefined);
  app.decorateRequest('speaker', undefined);
  app.decorateRequest('enrolling', undefined);
  const trailIdentity = { stream: auditSource, generation: 0, from: 0, to: undefined };
  const trail = createAuditTrail(app, {
    catalog,
    take: async (body) => void (await takeBatch(body, trailIdentity, { ...steps, tail })),
    log,
    clock,
  });
  app.addHook('onClose', () => trail.close());

  await collectOpenApi(app, parts.version);
  if (parts.consoleFolder === undefined) addLandingRoute(app);
  else await addConsoleRoutes(app, parts.consoleFolder);
  addHealthRoutes(app, { store, metrics });
  await app.register(
    (api: App, _options, done) => {
      addOpenApiRoute(api);
      addPeopleRoutes(api, people, publicUrl);
      addSearchRoute(api, { store, limits, clock });
      addCountRoute(api, { store, clock });
      addHistogramRoute(api, { store, clock });
      addFacetsRoute(api, { store, clock });
      addGroupRoute(api, { store, limits, clock });
      addTailRoute(api, { tail, limits, clock, identify: people.identify });
      addExportRoute(api, { store, limits, clock, exports });
      addEventRoutes(api, { store, limits });
      addQueryRoutes(api, { clock });
      addFieldRoutes(api);
      addSourceRoute(api, { sources });
      addGuideRoute(api, { sources });
      addParseRoute(api, { parse, limits });
      addRecordsRoute(api, { ...steps, tail, batches, metrics, catalog });
      addCompletenessRoutes(api, { store, sources, catalog, clock });
      addFleetRoutes(api, { ...fleet, store, sources, agentFile: parts.agentFile, publicUrl });
      addDashboardRoutes(api, { catalog, dashboards });
      addDeadLetterRoutes(api, { store, limits });
      addReplayRoute(api, steps);
      addRetentionRoutes(api, { store });
      addSystemRoute(api, { store, sources, tail, clock });
      if (parts.enricher !== undefined) {
        addEnrichmentRoutes(api, { enricher: parts.enricher, folder: parts.enrichFolder, limits, clock });
      }
      done();
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

type ErrorAnswers = ReturnType<typeof createErrorAnswers>;

/** Makes the bare Fastify instance: limits, error answers, no route. */
function createApp(limits: ServerLimits, log: Logger, answerError: ErrorAnswers): App {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    // Request lines would carry query texts, and with them names of people; routes and times are in the metrics.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    http: { maxHeaderSize: headBytesMax },
    routerOptions: { maxParamLength: pathPartMax },
    forceCloseConnections: 'idle',
    // Answered by the hook, in the form of all failures.
    return503OnClosing: false,
    // A parameter nobody knows is a mistake worth telling, not something to leave out silently.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = limits.connections;
  // Response schemas describe; JSON.stringify keeps every byte of a log (lone surrogates as escapes) and every label.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answerError(unknownRoute(request.method), request, reply));
  return app;
}
