import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  type Catalog,
  type ChangeNote,
  type ProfileContent,
  ProfileContentSchema,
  parseProfileContent,
  type StoredProfile,
} from '#catalog';
import { checkMessage, messageLimits } from '#delivery';
import { AppError } from '#error';
import type { Source } from '#source';
import type { App } from '../app.ts';
import { exactBody } from '../exact-body.ts';
import { judgeProfile } from '../fleet/judge-profile.ts';
import type { ProfileBook } from '../fleet/profile-book.ts';
import { differenceOf } from '../fleet/profile-difference.ts';
import { importLengthMax, printProfileYaml, readProfileYaml } from '../fleet/profile-yaml.ts';
import { ifMatch } from '../if-match.ts';
import { callerOf } from '../people/caller.ts';
import { failures } from '../schemas.ts';

/** What the routes need. */
export interface ProfileParts {
  readonly catalog: Catalog;
  readonly profiles: ProfileBook;
  readonly sources: readonly Source[];
}

const tags = ['profiles'];
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Versioned = Type.Object({ id: Type.String({ maxLength: 64 }), version: Type.Integer({ minimum: 1 }) });
const Time = Type.Number({ description: 'Epoch milliseconds.' });
const Notices = Type.Array(
  Type.Object({
    weight: Type.String(),
    code: Type.String(),
    field: Type.String(),
    sentence: Type.String(),
    hint: Type.String(),
  }),
  { description: 'What agents would refuse unless their own configuration allows it, and what is odd.' },
);
const ProfileBody = Type.Object({
  id: Type.String(),
  version: Type.Integer({ description: 'Also the entity tag: send it as "if-match" with a change.' }),
  content: ProfileContentSchema,
  createdAt: Time,
  updatedAt: Time,
  notices: Notices,
});
const VersionBody = Type.Object({
  version: Type.Integer(),
  content: ProfileContentSchema,
  createdAt: Time,
  createdBy: Type.String(),
  remark: Type.String(),
});
const Page = {
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
};
const NameBody = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: messageLimits.nameLength }) },
  { additionalProperties: false },
);
const RollBackBody = Type.Object({ version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
const ImportBody = Type.Object({ yaml: Type.String({ maxLength: importLengthMax }) }, { additionalProperties: false });

/** `/profiles`: what agents are told to read, with all versions. */
export function addProfileRoutes(app: App, parts: ProfileParts): void {
  addReadRoutes(app, parts);
  addWriteRoutes(app, parts);
  addVersionRoutes(app, parts);
  addCopyRoutes(app, parts);
  addRemoveRoute(app, parts);
}

function addReadRoutes(app: App, parts: ProfileParts): void {
  const { catalog } = parts;
  app.get(
    '/profiles',
    {
      schema: {
        tags,
        summary: 'Profiles in the order in which they are tried: priority, then name.',
        querystring: Type.Object(
          {
            search: Type.Optional(Type.String({ maxLength: messageLimits.nameLength })),
            enabled: Type.Optional(Type.Boolean()),
            ...Page,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ profiles: Type.Array(ProfileBody), total: Type.Integer() }), ...failures },
      },
    },
    async ({ query }) => {
      const { profiles, total } = await catalog.profiles.list(query);
      return { profiles: profiles.map((profile) => viewProfile(profile, parts)), total };
    },
  );

  app.get(
    '/profiles/:id',
    { schema: { tags, summary: 'One profile.', params: Id, response: { 200: ProfileBody, ...failures } } },
    async ({ params }, reply) => {
      const profile = await catalog.profiles.get(params.id);
      reply.header('etag', `"${profile.version}"`);
      return viewProfile(profile, parts);
    },
  );

  app.get(
    '/profiles/:id/export',
    {
      schema: {
        tags,
        summary: 'The profile as YAML.',
        params: Id,
        response: { 200: { content: { 'application/yaml': { schema: Type.String() } } }, ...failures },
      },
    },
    async ({ params }, reply) => {
      const { content, id } = await catalog.profiles.get(params.id);
      reply.header('content-disposition', `attachment; filename="${id}.yaml"`);
      return reply.type('application/yaml; charset=utf-8').serializer(String).send(printProfileYaml(content));
    },
  );
}

function addWriteRoutes(app: App, parts: ProfileParts): void {
  const { catalog, profiles } = parts;
  app.post(
    '/profiles',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes a profile.',
        body: ProfileContentSchema,
        response: { 201: ProfileBody, ...failures },
      },
    },
    async (request, reply) => {
      const profile = await catalog.profiles.create(parseProfileContent(request.body), noteOf(request, 'created'));
      profiles.poke();
      return reply.code(201).send(viewProfile(profile, parts));
    },
  );

  app.put(
    '/profiles/:id',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Changes a profile: makes a new version. Agents that wait get it within seconds.',
        description: 'With "if-match: VERSION" only when that is the newest version, else `catalog-conflict`.',
        params: Id,
        body: ProfileContentSchema,
        response: { 200: ProfileBody, ...failures },
      },
    },
    async (request) => {
      const content = parseProfileContent(request.body);
      return change(request, request.params.id, content, 'changed', parts);
    },
  );

  app.post(
    '/profiles/import',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes a profile from YAML, as exported.',
        body: ImportBody,
        response: { 201: ProfileBody, ...failures },
      },
    },
    async (request, reply) => {
      const { yaml } = checkMessage(ImportBody, request.body, 'request-invalid', 'the body');
      const profile = await catalog.profiles.create(readProfileYaml(yaml), noteOf(request, 'imported'));
      profiles.poke();
      return reply.code(201).send(viewProfile(profile, parts));
    },
  );
}

function addVersionRoutes(app: App, parts: ProfileParts): void {
  const { catalog } = parts;
  app.get(
    '/profiles/:id/versions',
    {
      schema: {
        tags,
        summary: 'All versions, newest first.',
        params: Id,
        querystring: Type.Object(Page, { additionalProperties: false }),
        response: { 200: Type.Object({ versions: Type.Array(VersionBody) }), ...failures },
      },
    },
    async ({ params, query }) => ({ versions: [...(await catalog.profiles.versions(params.id, query))] }),
  );

  app.get(
    '/profiles/:id/versions/:version',
    { schema: { tags, summary: 'One version.', params: Versioned, response: { 200: VersionBody, ...failures } } },
    ({ params }) => catalog.profiles.version(params.id, params.version),
  );

  app.get(
    '/profiles/:id/difference',
    {
      schema: {
        tags,
        summary: 'What differs between two versions, field by field.',
        params: Id,
        querystring: Type.Object(
          { from: Type.Integer({ minimum: 1 }), to: Type.Integer({ minimum: 1 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            changes: Type.Array(
              Type.Object({
                field: Type.String(),
                before: Type.Optional(Type.Unknown()),
                after: Type.Optional(Type.Unknown()),
              }),
            ),
            more: Type.Integer(),
          }),
          ...failures,
        },
      },
    },
    async ({ params, query }) => {
      const before = await catalog.profiles.version(params.id, query.from);
      const after = await catalog.profiles.version(params.id, query.to);
      const { changes, more } = differenceOf(before.content, after.content);
      return { changes: [...changes], more };
    },
  );

  app.post(
    '/profiles/:id/roll-back',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes a new version with the content of an old one.',
        params: Id,
        body: RollBackBody,
        response: { 200: ProfileBody, ...failures },
      },
    },
    async (request) => {
      const { version } = checkMessage(RollBackBody, request.body, 'request-invalid', 'the body');
      const { content } = await catalog.profiles.version(request.params.id, version);
      return change(request, request.params.id, content, `rolled back to version ${version}`, parts);
    },
  );
}

function addCopyRoutes(app: App, parts: ProfileParts): void {
  const { catalog, profiles } = parts;
  app.post(
    '/profiles/:id/clone',
    {
      validatorCompiler: exactBody,
      schema: {
        tags,
        summary: 'Makes a copy under another name, switched off and for no default.',
        params: Id,
        body: NameBody,
        response: { 201: ProfileBody, ...failures },
      },
    },
    async (request, reply) => {
      const { name } = checkMessage(NameBody, request.body, 'request-invalid', 'the body');
      const { content, version } = await catalog.profiles.get(request.params.id);
      const copy = parseProfileContent({ ...content, name, enabled: false, isDefault: false });
      const note = noteOf(request, `copied from "${content.name}", version ${version}`);
      const profile = await catalog.profiles.create(copy, note);
      profiles.poke();
      return reply.code(201).send(viewProfile(profile, parts));
    },
  );
}

function addRemoveRoute(app: App, { catalog, profiles }: ProfileParts): void {
  app.delete(
    '/profiles/:id',
    {
      schema: {
        tags,
        summary: 'Deletes a profile with its versions; one that agents follow only with reassign=true.',
        params: Id,
        querystring: Type.Object(
          { reassign: Type.Optional(Type.Boolean({ default: false })) },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { content } = await catalog.profiles.get(id);
      if (request.query.reassign !== true) await refuseInUse(catalog, id, content.name);
      await catalog.profiles.remove(id, ifMatch(request));
      profiles.poke();
      return reply.code(204).send(null);
    },
  );
}

/** Names of agents that are told back; the others are counted. */
const namesMax = 20;

async function refuseInUse(catalog: Catalog, id: string, name: string): Promise<void> {
  const using = (await catalog.agents.living()).filter(
    (agent) => agent.profile.profileId === id || agent.pinnedProfileId === id,
  );
  if (using.length === 0) return;
  const names = using.slice(0, namesMax).map((agent) => agent.name);
  const more = using.length > namesMax ? `, and ${using.length - namesMax} more` : '';
  throw new AppError(
    'profile-in-use',
    `"${name}" is followed by ${using.length === 1 ? 'one agent' : `${using.length} agents`}: ${names.join(', ')}${more}.`,
    {
      place: { found: String(using.length) },
    },
  );
}

async function change(
  request: FastifyRequest,
  id: string,
  content: ProfileContent,
  remark: string,
  parts: ProfileParts,
): Promise<ReturnType<typeof viewProfile>> {
  const profile = await parts.catalog.profiles.update(id, content, ifMatch(request), noteOf(request, remark));
  parts.profiles.poke();
  return viewProfile(profile, parts);
}

function noteOf(request: FastifyRequest, remark: string): ChangeNote {
  return { by: callerOf(request).name, remark };
}

function viewProfile(
  { id, version, content, createdAt, updatedAt }: StoredProfile,
  { sources }: ProfileParts,
): StoredProfile & { notices: ReturnType<typeof judgeProfile>[number][] } {
  return { id, version, content, createdAt, updatedAt, notices: [...judgeProfile(content.profile, sources)] };
}
