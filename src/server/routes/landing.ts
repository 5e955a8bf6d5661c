import type { App } from '../app.ts';
import { pagePolicy } from '../page-policy.ts';
import { securityHeaders } from '../security-headers.ts';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1c2430; background: #fff; }
h1 { font-size: 1.6rem; margin-bottom: 0; } p.lead { margin-top: .3rem; color: #4a5568; }
pre { background: #f3f5f8; padding: .8rem 1rem; overflow-x: auto; border-radius: 4px; } li { margin-bottom: 1rem; }
@media (prefers-color-scheme: dark) { body { color: #dfe5ee; background: #12161c; } p.lead { color: #9aa6b6; } pre { background: #1c232d; } a { color: #8ab4f8; } }
`;

/** Requests to try first: what they answer, and the command. */
const tries: readonly (readonly [about: string, command: (origin: string) => string])[] = [
  [
    'How many binds failed?',
    (origin) => get(origin, '/api/v1/events/count', 'eventSubType: RESULT and requestType: BIND and outcome: failure'),
  ],
  [
    'Show the newest searches that returned more than a thousand entries.',
    (origin) => get(origin, '/api/v1/events/search', 'eventSubType: RESULT and count > 1000'),
  ],
  [
    'Try a log line: see the record, the event, and which mapping row made which label. Nothing is stored.',
    (origin) =>
      `curl -s -H "Authorization: Bearer $MERIDIAN_TOKEN" -H 'Content-Type: application/json' ${origin}/api/v1/parse \\\n` +
      `  -d '{"text":"[24/Nov/2026:10:00:00.123456789 +0000] conn=7 op=0 BIND dn=\\"uid=anna,ou=people,dc=example,dc=com\\" method=128 version=3"}'`,
  ],
];

function get(origin: string, path: string, query: string): string {
  return `curl -s -G -H "Authorization: Bearer $MERIDIAN_TOKEN" ${origin}${path} \\\n  --data-urlencode 'q=${query}'`;
}

/** `GET /`: one static page that says what this is and what to try next. */
export function addLandingRoute(app: App): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const page = landingPage(originOf(request.protocol, request.headers.host));
    reply.headers({ ...securityHeaders, 'content-security-policy': pagePolicy(page) });
    return reply.type('text/html; charset=utf-8').send(page);
  });
}

/** Only a plain host goes into the page, however it is then escaped. */
function originOf(protocol: string, host: string | undefined): string {
  return host !== undefined && /^[A-Za-z0-9.\-:[\]]{1,255}$/.test(host)
    ? `${protocol}://${host}`
    : 'http://localhost:8420';
}

/** The page; everything that is not its own text is escaped. */
export function landingPage(origin: string): string {
  const items = tries
    .map(([about, command]) => `<li>${escapeHtml(about)}<pre>${escapeHtml(command(origin))}</pre></li>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Meridian</title><style>${style}</style></head>
<body>
<h1>Meridian</h1>
<p class="lead">Open context XDR, directory servers first.</p>
<p>This server takes the logs of directory servers, joins every operation with its client, its TLS and its identity, and answers questions in QQL.</p>
<p>Its API needs a token. It was made at the first start and stands in the file <code>token</code> of the data directory:
<code>export MERIDIAN_TOKEN=$(cat meridian-data/token)</code>. Then try:</p>
<ol>
${items}
</ol>
<p>All routes: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>. Is it alive: <a href="/health">/health</a>. Does the store answer: <a href="/ready">/ready</a>.</p>
</body>
</html>
`;
}

/** Text as HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
