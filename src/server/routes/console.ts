import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { unknownRoute } from '../answer-error.ts';
import type { App } from '../app.ts';
import { consolePolicy, securityHeaders } from '../security-headers.ts';

/** Files under `assets/` carry a hash of their content in the name. */
const oneYear = 'public, max-age=31536000, immutable';

/** `/…`: the console, from the folder its build is in. Every address that is no file and no API is one of its pages. */
export async function addConsoleRoutes(app: App, folder: string): Promise<void> {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const headers = { ...securityHeaders, 'content-security-policy': consolePolicy, 'cache-control': 'no-cache' };

  await app.register((files, _options, done) => {
    files.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true };
    });
    files.addHook('onSend', async (request, reply) => {
      reply.header('cache-control', request.url.startsWith('/assets/') ? oneYear : 'no-cache');
    });
    files.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      decorateReply: false,
      globIgnore: ['index.html*', '**/*.br', '**/*.gz', '.vite/**'],
    });
    done();
  });

  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const accepts = request.headers.accept ?? '';
    if (request.url.startsWith('/api/') || !accepts.includes('text/html')) throw unknownRoute(request.method);
    return reply.headers(headers).type('text/html; charset=utf-8').send(page);
  });
}
