import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * Makes the product's own logger: JSON lines on stderr, so that stdout stays for results.
 *
 * Values under the named paths never leave the process: a log line may be copied into a ticket.
 */
export function createLogger(level = 'info'): Logger {
  return pino(
    {
      name: 'meridian',
      level,
      base: null,
      redact: ['token', '*.token', 'req.headers.authorization', 'headers.authorization'],
    },
    pino.destination({ fd: 2, sync: false }),
  );
}
