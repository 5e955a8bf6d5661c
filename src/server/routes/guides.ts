import { Type } from 'typebox';
import { type GuideFormat, guideFormats, renderGuide, type Source } from '#source';
import type { App } from '../app.ts';
import { findSource } from '../find-source.ts';
import { pagePolicy } from '../page-policy.ts';
import { failures } from '../schemas.ts';
import { securityHeaders } from '../security-headers.ts';

const mediaTypes: Readonly<Record<GuideFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

const Format = Type.Unsafe<GuideFormat>({ type: 'string', enum: [...guideFormats], default: 'md' });

/** `GET /guides/:source`: the mapping guide of a source. */
export function addGuideRoute(app: App, { sources }: { readonly sources: readonly Source[] }): void {
  app.get(
    '/guides/:source',
    {
      schema: {
        tags: ['language'],
        summary: 'The mapping guide of a source: which field becomes which label.',
        params: Type.Object({ source: Type.String({ minLength: 1, maxLength: 100 }) }),
        querystring: Type.Object({ format: Type.Optional(Format) }, { additionalProperties: false }),
        response: { 200: Type.Unsafe<unknown>({ description: 'Markdown, one HTML page, or JSON.' }), ...failures },
      },
    },
    async (request, reply) => {
      const format = request.query.format ?? 'md';
      const page = renderGuide(findSource(sources, request.params.source), format);
      if (format === 'html') reply.headers({ ...securityHeaders, 'content-security-policy': pagePolicy(page) });
      return reply.type(mediaTypes[format]).send(page);
    },
  );
}
