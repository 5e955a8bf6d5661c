import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

/**
 * For routes whose body is checked by the handler, exactly: Fastify's own check makes values fit (a text of digits becomes
 * a number, 0 becomes null where a number may be absent), which must not happen to what people set.
 */
export const exactBody: FastifySchemaCompiler<TSchema> = () => (value: unknown) => ({ value });
