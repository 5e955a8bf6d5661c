import { AppError } from '#error';
import { isLoopback } from './access.ts';
import { composeServer, type ServerParts } from './compose.ts';

/** Where a server listens. */
export interface ServerOptions extends ServerParts {
  /** Default 127.0.0.1: only this host. */
  readonly host?: string;
  /** Default 8420; 0 takes a free one. */
  readonly port?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it answers, e.g. `http://127.0.0.1:8420`. */
  readonly url: string;
  /** Stops taking requests, lets those under way finish, ends live tails. The store stays open. */
  close(): Promise<void>;
}

const defaultHost = '127.0.0.1';
const defaultPort = 8420;

/** Starts the API. Throws `address-in-use` when it cannot listen there. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? defaultHost;
  const app = await composeServer(options);
  try {
    const url = await app.listen({ host, port: options.port ?? defaultPort });
    if (!isLoopback(host) && host !== 'localhost') {
      options.log.warn(
        { host },
        'the API can be reached from other hosts, without TLS: put a proxy with TLS in front of it',
      );
    }
    return { url, close: () => app.close() };
  } catch (thrown) {
    await app.close();
    throw new AppError('address-in-use', `The server cannot listen on ${host}, port ${options.port ?? defaultPort}.`, {
      cause: thrown,
    });
  }
}
