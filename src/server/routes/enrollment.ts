import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { type Catalog, type EnrollmentToken, type StoredProfile, TagSchema } from '#catalog';
import { checkMessage, messageLimits } from '#delivery';
import { AppError } from '#error';
import type { App } from '../app.ts';
import { exactBody } from '../exact-body.ts';
import { enrollCommand, installScript, isServerUrl } from '../fleet/install-script.ts';
import type { ProfileBook } from '../fleet/profile-book.ts';
import { nameOfProfile } from '../fleet/view-agent.ts';
import { failures } from '../schemas.ts';

/** What the routes need. */
export interface EnrollmentParts {
  readonly catalog: Catalog;
  readonly profiles: ProfileBook;
  /** The agent as one JavaScript file; undefined where it was not built. */
  readonly agentFile: string | undefined;
  /** URL at which agents reach the server; undefined: the one a request came to. */
  readonly publicUrl: string | undefined;
}

const tags = ['enrollment'];
const hoursMax = 24 * 365;
const usesMax = 10_000;
const NewTokenBody = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: messageLimits.sentenceLength })),
    tags: Type.Optional(Type.Array(TagSchema, { maxItems: messageLimits.tags, uniqueItems: true })),
    profileId: Type.Optional(Type.String({ maxLength: 64 })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: usesMax, description: 'Default 1.' })),
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: hoursMax, description: 'Default 24.' })),
  },
  { additionalProperties: false },
);
const TokenBody = Type.Object({
  id: Type.String(),
  description: Type.String(),
  tags: Type.Array(Type.String()),
  profileId: Type.Optional(Type.String()),
  profileName: Type.Optional(Type.String()),
  usesMax: Type.Integer(),
  uses: Type.Integer(),
  createdAt: Type.Number(),
  expiresAt: Type.Number(),
  revokedAt: Type.Optional(Type.Number()),
  state: Type.Enum(['usable', 'spent', 'expired', 'revoked']),
});
const UrlQuery = Type.Object(
  { url: Type.Optional(Type.String({ maxLength: 2_048, description: 'URL at which the agent reaches the server.' })) },
  { additionalProperties: false },
);

/** `/enrollment`: tokens that let agents in, and how to install one. */
export function addEnrollmentRoutes(app: App, parts: EnrollmentParts): void {
  addTokenRoutes(app, parts);
  addInstallRoutes(app, parts);
}

function addTokenRoutes(app: App, parts: EnrollmentParts): void {
  const { catalog, profiles } = parts;
  app.post(
    '/enrollment/tokens',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes an enrollment token. Its text is shown this once, with the command to paste on the host.',
        body: NewTokenBody,
        response: {
          201: Type.Object({
            token: TokenBody,
            text: Type.String(),
            command: Type.String(),
            handsOutAgent: Type.Boolean({ description: 'Else the host needs Meridian before it runs the command.' }),
          }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const url = serverUrl(parts, request.headers.host, request.protocol, undefined);
      const said = checkMessage(NewTokenBody, request.body ?? {}, 'request-invalid', 'the body');
      const { description = '', tags: given = [], profileId, uses = 1, hours = 24 } = said;
      if (profileId !== undefined) await catalog.profiles.get(profileId);
      const lifeMs = Math.ceil(hours * 3_600_000);
      const made = await catalog.tokens.make({ description, tags: given, profileId, usesMax: uses, lifeMs });
      const command = enrollCommand(url, made.text);
      const handsOutAgent = (await readAgent(parts.agentFile)) !== undefined;
      return reply.code(201).send({
        token: viewToken(made.token, (await profiles.current()).profiles),
        text: made.text,
        command,
        handsOutAgent,
      });
    },
  );

  app.get(
    '/enrollment/tokens',
    {
      schema: {
        tags,
        summary: 'Enrollment tokens, newest first, without their texts.',
        querystring: Type.Object(
          {
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ tokens: Type.Array(TokenBody), total: Type.Integer() }), ...failures },
      },
    },
    async ({ query }) => {
      const { tokens, total } = await catalog.tokens.list(query);
      const { profiles: all } = await profiles.current();
      return { tokens: tokens.map((token) => viewToken(token, all)), total };
    },
  );

  app.delete(
    '/enrollment/tokens/:id',
    {
      schema: {
        tags,
        summary: 'Revokes a token. Agents that were enrolled with it stay.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 200: TokenBody, ...failures },
      },
    },
    async ({ params }) => viewToken(await catalog.tokens.revoke(params.id), (await profiles.current()).profiles),
  );
}

function addInstallRoutes(app: App, parts: EnrollmentParts): void {
  app.get(
    '/enrollment/install.sh',
    {
      schema: {
        tags,
        summary:
          'A shell script that installs the agent and enrolls it. It holds no secret: the token comes from the environment.',
        security: [],
        querystring: UrlQuery,
        response: { 200: { content: { 'text/x-shellscript': { schema: Type.String() } } }, ...failures },
      },
    },
    async ({ query, headers, protocol }, reply) => {
      const url = serverUrl(parts, headers.host, protocol, query.url);
      const agent = await readAgent(parts.agentFile);
      const text = installScript(url, agent?.sha256);
      return reply.type('text/x-shellscript; charset=utf-8').serializer(String).send(text);
    },
  );

  app.get(
    '/enrollment/agent.mjs',
    {
      schema: {
        tags,
        summary: 'The agent, as one JavaScript file.',
        security: [],
        response: { 200: { content: { 'text/javascript': { schema: Type.String() } } }, ...failures },
      },
    },
    async (_request, reply) => {
      const agent = await readAgent(parts.agentFile);
      if (agent === undefined) {
        throw new AppError('file-missing', 'This server has no agent to hand out.', {
          hint: 'Name it by agent.file (MERIDIAN_AGENT_FILE), or install Meridian on the host itself.',
        });
      }
      return reply.type('text/javascript; charset=utf-8').serializer(String).send(agent.text);
    },
  );
}

/** The agent's file, with its hash: the script that fetches it compares. */
async function readAgent(
  file: string | undefined,
): Promise<{ readonly text: string; readonly sha256: string } | undefined> {
  if (file === undefined) return undefined;
  try {
    const text = await readFile(file, 'utf8');
    return { text, sha256: createHash('sha256').update(text).digest('hex') };
  } catch {
    return undefined;
  }
}

/** Where agents reach this server. What stands in a request goes into a script, so only a plain URL does. */
function serverUrl(
  parts: EnrollmentParts,
  host: string | undefined,
  protocol: string,
  asked: string | undefined,
): string {
  const url = asked ?? parts.publicUrl ?? `${protocol}://${host ?? ''}`;
  if (isServerUrl(url)) return url.replace(/\/+$/, '');
  throw new AppError('request-invalid', 'The URL of the server is none that can stand in a script.', {
    place: { field: asked === undefined ? 'host' : 'url', expected: 'such as https://meridian.example.com' },
  });
}

function viewToken(
  { profileId, revokedAt, tags: given, ...token }: EnrollmentToken,
  profiles: readonly StoredProfile[],
): Static<typeof TokenBody> {
  const profileName = nameOfProfile(profiles, profileId);
  return {
    ...token,
    tags: [...given],
    ...(profileId === undefined ? {} : { profileId }),
    ...(profileName === undefined ? {} : { profileName }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}
