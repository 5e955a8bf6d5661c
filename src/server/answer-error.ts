import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { AppError, asAppError, type ErrorCode, type ErrorPlace } from '#error';
import { securityHeaders } from './security-headers.ts';

/** Fastify's own refusals in the product's words; see its `docs/Reference/Errors.md`. */
const codeOfFastify: Readonly<Record<string, readonly [code: ErrorCode, sentence: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media-type-unknown', 'The route does not take a body of this media type.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'The body of the request is over the limit.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['body-damaged', 'The body is not as long as its content-length says.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['body-malformed', 'The body is empty where JSON is expected.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['body-malformed', 'The body is not valid JSON.'],
  FST_ERR_BAD_URL: ['route-unknown', 'The address of the request is not well formed.'],
  FST_ERR_INVALID_URL: ['route-unknown', 'The address of the request is not well formed.'],
  FST_ERR_MAX_PARAM_LENGTH: ['request-invalid', 'A part of the path is too long.'],
  FST_ERR_HANDLER_TIMEOUT: ['request-timeout', 'The request was not answered in the time it is given.'],
  FST_ERR_REOPENED_CLOSE_SERVER: ['server-closing', 'The server is shutting down.'],
};

/** What a caller gets for every failure: code, sentence, place, hint. Never a stack trace. */
export interface ErrorAnswer {
  readonly error: ReturnType<AppError['toJSON']>;
}

/** Gives any failure in the form in which the API answers it. */
export function errorAnswer(error: AppError): ErrorAnswer {
  // What went wrong inside is for the log; a caller could learn paths and statements from it.
  if (error.code === 'internal') {
    return {
      error: {
        code: 'internal',
        message: 'Something happened that the server did not expect.',
        hint: 'The log of the server has a line with the id in the header "request-id".',
      },
    };
  }
  return { error: error.toJSON() };
}

/** Turns what a route or Fastify threw into an {@link AppError}. */
export function readFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!isFastifyError(thrown)) return asAppError(thrown);
  const validation = thrown.validation?.[0];
  if (validation !== undefined) return invalidRequest(validation, thrown.validationContext ?? 'request');
  const known = codeOfFastify[thrown.code];
  if (known !== undefined) return new AppError(known[0], known[1], { cause: thrown });
  // A body cut short by the client, or JSON with a forbidden key such as __proto__.
  if (thrown instanceof SyntaxError)
    return new AppError('body-malformed', 'The body is not valid JSON.', { cause: thrown });
  if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500) {
    return new AppError('request-invalid', 'The request is not well formed.', { cause: thrown });
  }
  return asAppError(thrown);
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && ('code' in thrown || 'statusCode' in thrown || 'validation' in thrown);
}

/** One sentence from one finding of the schema's check: which parameter, what was expected. */
function invalidRequest(finding: FastifySchemaValidationError, where: string): AppError {
  const part = where === 'querystring' ? 'query' : where;
  const path = finding.instancePath
    .split('/')
    .filter((step) => step !== '')
    .join('.');
  const unknown = finding.params['additionalProperty'];
  const missing = finding.params['missingProperty'];
  const named = typeof unknown === 'string' ? unknown : typeof missing === 'string' ? missing : undefined;
  const field = [path, named]
    .filter((step) => step !== undefined && step !== '')
    .join('.')
    .slice(0, 200);
  const expected =
    typeof unknown === 'string'
      ? 'a parameter this route knows'
      : typeof missing === 'string'
        ? 'this parameter'
        : `${finding.message ?? 'a valid value'}${allowed(finding)}`;
  const place: ErrorPlace = { ...(field === '' ? {} : { field }), expected };
  const sentence =
    typeof unknown === 'string'
      ? `The ${part} has a parameter that this route does not know.`
      : typeof missing === 'string'
        ? `The ${part} lacks a parameter.`
        : field === ''
          ? `The ${part} ${expected}.`
          : `The parameter "${field}" of the ${part} ${expected}.`;
  return new AppError('request-invalid', sentence, { place });
}

function allowed(finding: FastifySchemaValidationError): string {
  const values = finding.params['allowedValues'];
  return Array.isArray(values) ? ` (${values.join(', ')})` : '';
}

/** Makes the function that answers failures; `refused` is told each code. What only the operator may know goes to the log. */
export function createErrorAnswers(
  refused: (code: ErrorCode) => void,
): (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (thrown, request, reply) => {
    const error = readFailure(thrown);
    refused(error.code);
    request.failure = error.code;
    if (error.status >= 500 && error.code !== 'server-busy') {
      request.log.error({ err: thrown, code: error.code, route: request.routeOptions.url }, 'request failed');
    } else {
      request.log.debug({ code: error.code, route: request.routeOptions.url }, 'request refused');
    }
    // An answer already on its way cannot be changed; cutting it short tells the client that it is not whole.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    reply.header('request-id', request.id);
    if (error.code === 'server-busy' || error.code === 'server-closing') reply.header('retry-after', 1);
    void reply
      .code(error.status)
      .headers(securityHeaders)
      .type('application/json; charset=utf-8')
      .send(errorAnswer(error));
  };
}

/** What is answered when there is no route for a request. */
export function unknownRoute(method: string): AppError {
  return new AppError('route-unknown', `There is no route ${method} for this address.`);
}

/** Refusals of Node's own HTTP parser: the request never became one. */
const codeOfParser: Readonly<Record<string, readonly [status: string, code: ErrorCode, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'request-invalid',
    'The headers of the request are too large.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'request-timeout',
    'The request was not complete in the time it is given.',
  ],
};

/** Answers what is not HTTP, in the API's form, and closes the connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, sentence] = codeOfParser[error.code ?? ''] ?? [
    '400 Bad Request',
    'request-invalid',
    'The request is not well-formed HTTP.',
  ];
  const body = JSON.stringify(errorAnswer(new AppError(code, sentence)));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
