import swagger from '@fastify/swagger';
import { Type } from 'typebox';
import type { App } from './app.ts';

/** Collects the schemas of all routes that are added afterwards. */
export async function collectOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Meridian',
        version,
        description:
          'Logs of directory servers, decoded, joined and asked in QQL. Every failure is answered with `{ error: { code, message, place, hint } }`.',
      },
      tags: [
        { name: 'records', description: 'Sending records in, and what became of those that could not be read.' },
        { name: 'agents', description: 'Who reads logs on other hosts; and what these ask, each request signed.' },
        { name: 'profiles', description: 'What agents are told to read.' },
        { name: 'enrollment', description: 'How agents come in.' },
        { name: 'completeness', description: 'What was received, and what is missing.' },
        { name: 'events', description: 'Asking for what is stored.' },
        { name: 'language', description: 'The query language, the fields and the mapping guides.' },
        { name: 'people', description: 'Who may sign in, and what belongs to them.' },
        { name: 'system', description: 'How the server is.' },
      ],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token in the file `token` of the data directory, or an API token that somebody made.',
          },
        },
      },
      security: [{ token: [] }],
    },
  });
}

/** `GET /openapi.json`: the description of this API, made from the schemas that check its requests. */
export function addOpenApiRoute(app: App): void {
  app.get(
    '/openapi.json',
    {
      schema: {
        tags: ['system'],
        summary: 'This description.',
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true }) },
      },
    },
    async () => ({ ...app.swagger() }),
  );
}
