import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { fileError } from '#delivery';
import { AppError, asAppError } from '#error';
import type { AgentConfig } from '../config/agent-config.ts';
import { shipLimits } from '../limits.ts';

type Trust = Pick<AgentConfig, 'ca' | 'pins' | 'proxy'>;

/**
 * Makes the connections to servers: kept alive, through a proxy if there is one, to servers whose certificate is signed
 * by the private authority or has a pinned key. A connection that is not to be trusted is closed before a byte of a
 * request went over it. Throws `file-…`, `setting-invalid`.
 */
export function createDispatcher(trust: Trust): Dispatcher {
  const connect = buildConnector({
    ...trustOptions(trust),
    timeout: shipLimits.connectMs,
    // A resumed connection shows no certificate, so there would be no key to compare.
    ...(trust.pins.length > 0 ? { maxCachedSessions: 0 } : {}),
  });
  return new Agent({
    connections: shipLimits.connections,
    pipelining: 1,
    connect: (options, callback) => {
      const pinned: buildConnector.Callback = (...[error, socket]) => {
        if (error !== null) callback(error, null);
        else if (isTrusted(socket, trust.pins)) callback(null, socket);
        else {
          socket.destroy();
          callback(unexpectedCertificate(options.hostname), null);
        }
      };
      if (trust.proxy === undefined) connect(options, pinned);
      else connectThroughProxy(trust.proxy, options, connect, pinned);
    },
  });
}

function trustOptions({ ca, pins }: Trust): buildConnector.BuildOptions {
  const authority = ca === undefined ? {} : { ca: readAuthority(ca) };
  // A pin says more than a signature: with one, the certificate may be signed by anybody, unless both are asked for.
  return { ...authority, rejectUnauthorized: pins.length === 0 || ca !== undefined };
}

function readAuthority(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw fileError(path, thrown);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new AppError('setting-invalid', `"${path}" holds no certificate (PEM).`, {
    place: { file: path, field: 'ca' },
  });
}

function isTrusted(socket: Socket, pins: readonly string[]): boolean {
  if (pins.length === 0 || !(socket instanceof TLSSocket)) return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return false;
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return pins.includes(createHash('sha256').update(key).digest('base64'));
}

function unexpectedCertificate(host: string): AppError {
  return new AppError('server-certificate-unexpected', `The certificate of ${host} has a key that is not pinned.`, {
    place: { field: 'pins', found: host },
  });
}

/** Asks a proxy for a tunnel (RFC 9110 §9.3.6), and speaks with the server through it. */
function connectThroughProxy(
  proxy: string,
  options: buildConnector.Options,
  connect: buildConnector.connector,
  callback: buildConnector.Callback,
): void {
  const { hostname, port } = new URL(proxy);
  const isTls = options.protocol === 'https:';
  const target = `${options.hostname}:${options.port || (isTls ? '443' : '80')}`;
  const asking = request({
    method: 'CONNECT',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 80 : Number(port),
    path: target,
    headers: { host: target },
    agent: false,
    timeout: shipLimits.connectMs,
  });
  const fail = (reason: string, cause?: unknown): void => {
    const sentence = `The proxy ${new URL(proxy).host} gives no way to ${target}: ${reason}.`;
    callback(new AppError('server-unreachable', sentence, { cause, hint: 'Check proxy in the configuration.' }), null);
  };
  asking.once('timeout', () => asking.destroy(new Error('it does not answer')));
  asking.once('error', (thrown) => fail(asAppError(thrown).message, thrown));
  asking.once('response', (response) => {
    response.destroy();
    fail(`it answered ${response.statusCode}`);
  });
  asking.once('connect', (response, socket) => {
    socket.setTimeout(0);
    if (response.statusCode !== 200) {
      socket.destroy();
      fail(`it answered ${response.statusCode}`);
    } else if (isTls) connect({ ...options, httpSocket: socket }, callback);
    else callback(null, socket);
  });
  asking.end();
}
