import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';

/** For tests: a small provider of identities, as OpenID Connect Core 1.0 has it. Other people's network, in short. */
export interface TestProvider {
  readonly issuer: string;
  /** What the next id token says, beyond what it must. */
  claims: Record<string, unknown>;
  /** What the user info says. */
  userInfo: Record<string, unknown>;
  /** Changes what is signed into the next id token: for providers that cheat. */
  cheat: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Signs with a key that nobody knows. */
  forge: boolean;
  /** Lets the person in, as a browser that follows the address would see it: gives where it is sent back to. */
  authorize(url: string): Promise<URL>;
  /** Requests to the token address, with the header that proves the client. */
  readonly tokenRequests: { readonly body: URLSearchParams; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirect: string;
}

/** Starts one on the loopback address. */
export async function startProvider(clientId: string): Promise<TestProvider> {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', provider.issuer);
      let body = '';
      for await (const part of request) body += String(part);
      const [status, answer] = answerTo(pathname, new URLSearchParams(body), request.headers.authorization);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const provider: TestProvider = {
    issuer: `http://127.0.0.1:${port}`,
    claims: {},
    userInfo: {},
    cheat: (claims) => claims,
    forge: false,
    tokenRequests: [],
    async authorize(url) {
      const { searchParams: asked, pathname } = new URL(url);
      if (pathname !== '/authorize' || asked.get('code_challenge_method') !== 'S256')
        throw new Error('not asked rightly');
      const code = randomBytes(16).toString('hex');
      const redirect = asked.get('redirect_uri') ?? '';
      grants.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '', redirect });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked.get('state') ?? '');
      back.searchParams.set('iss', provider.issuer);
      return back;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function answerTo(path: string, body: URLSearchParams, authorization: string | undefined): [number, object] {
    switch (path) {
      case '/.well-known/openid-configuration':
        return [200, metadataOf(provider.issuer)];
      case '/keys':
        return [200, { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] }];
      case '/userinfo':
        return [200, provider.userInfo];
      case '/token':
        provider.tokenRequests.push({ body, authorization });
        return token(body);
      default:
        return [404, {}];
    }
  }

  function token(body: URLSearchParams): [number, object] {
    const grant = grants.get(body.get('code') ?? '');
    grants.delete(body.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== verifier || grant.redirect !== body.get('redirect_uri')) {
      return [400, { error: 'invalid_grant' }];
    }
    const seconds = Math.floor(Date.now() / 1_000);
    const claims = provider.cheat({
      iss: provider.issuer,
      aud: clientId,
      iat: seconds,
      exp: seconds + 300,
      nonce: grant.nonce,
      ...provider.claims,
    });
    const head = encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' });
    const signed = `${head}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), provider.forge ? other.privateKey : key.privateKey);
    return [
      200,
      { access_token: 'at-secret', token_type: 'Bearer', id_token: `${signed}.${signature.toString('base64url')}` },
    ];
  }

  return provider;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
