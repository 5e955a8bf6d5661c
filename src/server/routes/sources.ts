import { Type } from 'typebox';
import type { Source } from '#source';
import type { App } from '../app.ts';
import { failures } from '../schemas.ts';

/** `GET /sources`: the data sources this server knows. */
export function addSourceRoute(app: App, { sources }: { readonly sources: readonly Source[] }): void {
  app.get(
    '/sources',
    {
      schema: {
        tags: ['language'],
        summary: 'The data sources this server can read.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object({
            sources: Type.Array(
              Type.Object({
                id: Type.String(),
                vendor: Type.String(),
                product: Type.String(),
                deviceType: Type.String(),
                mappingVersion: Type.String(),
                supportedVersions: Type.Array(
                  Type.Object({ versions: Type.String(), status: Type.String(), about: Type.String() }),
                ),
                supportedFormats: Type.Array(Type.Object({ name: Type.String(), about: Type.String() })),
                queries: Type.Array(Type.Object({ about: Type.String(), query: Type.String() }), {
                  description: 'Queries to begin with.',
                }),
                logs: Type.Array(
                  Type.Object({
                    name: Type.String(),
                    about: Type.String(),
                    usualPaths: Type.Array(Type.String(), {
                      description: 'Path patterns its packages write it under.',
                    }),
                  }),
                  { description: 'Kinds of log an agent can read; none where there is nothing for an agent.' },
                ),
              }),
            ),
          }),
          ...failures,
        },
      },
    },
    async () => ({
      sources: sources.map(({ id, vendor, product, deviceType, mappingVersion, guide, logs }) => ({
        id,
        vendor,
        product,
        deviceType,
        mappingVersion,
        supportedVersions: guide.supportedVersions.map((one) => ({ ...one })),
        supportedFormats: guide.supportedFormats.map((one) => ({ ...one })),
        queries: (guide.queries ?? []).map((one) => ({ ...one })),
        logs: (logs ?? []).map((one) => ({ ...one, usualPaths: [...one.usualPaths] })),
      })),
    }),
  );
}
