import type { SessionGaps } from './coverage.ts';
import { numberOf, type Reading, type Row, textOf } from './reading.ts';
import type { CancelOptions } from './store.ts';
import { instantParameter } from './where.ts';

/** Window in which sessions are looked at, epoch milliseconds: `from` ≤ time < `to`. */
export interface SourceSession extends CancelOptions {
  readonly from: number;
  readonly to: number;
}

/** How far behind the number before it a session may begin late before it means that the server started again. */
const lateOpeningMax = 1_024;
/** Rows of each of the three lists. */
const listMax = 1_000;

/**
 * One row per session: its number, when it began, its operations. `conn` of 64 bits is taken as a number, for servers count
 * from 1. Operations of the server itself have numbers of their own and are left out.
 */
function sessionsSql(database: string): string {
  return `SELECT deviceHostName AS host, deviceInstance AS instance, sessionKey, any(assumeNotNull(sessionId)) AS conn,
      min(eventTime) AS began, minIf(operationNumber, operationNumber >= 0) AS low,
      maxIf(operationNumber, operationNumber >= 0) AS high, uniqExactIf(operationNumber, operationNumber >= 0) AS operations
    FROM ${database}.events
    WHERE source = {source:String} AND logName = 'access' AND sessionId IS NOT NULL AND sessionKey != ''
      AND ifNull(internalOperation, false) = false
      AND eventTime >= ${instantParameter('from')} AND eventTime < ${instantParameter('to')}
    GROUP BY host, instance, sessionKey`;
}

/** Sessions with the number of the server's run: a number far below the one before begins a new one. */
function runsSql(database: string): string {
  return `SELECT *, sum(starts) OVER (PARTITION BY host, instance ORDER BY began, conn ROWS UNBOUNDED PRECEDING) AS run
    FROM (SELECT *, conn + ${lateOpeningMax} < previous OR (conn = 1 AND previous > 1) AS starts
      FROM (SELECT *, lagInFrame(conn) OVER (PARTITION BY host, instance ORDER BY began, conn
          ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
        FROM (${sessionsSql(database)})))`;
}

/** Finds the numbers that are missing between those of sessions and operations. */
export async function findSessionGaps(
  reading: Reading,
  database: string,
  source: string,
  { from, to, signal }: SourceSession,
): Promise<SessionGaps> {
  const params = { source, from: String(Math.floor(from)), to: String(Math.ceil(to)) };
  const ask = (sql: string, doing: string): Promise<readonly Row[]> => reading.rows({ sql, params, signal, doing });
  const runs = await ask(
    `SELECT host, instance, toUInt64(run) AS run, toUnixTimestamp64Milli(min(began)) AS first, toUnixTimestamp64Milli(max(began)) AS last,
        min(conn) AS lowest, max(conn) AS highest, uniqExact(conn) AS seen
      FROM (${runsSql(database)}) GROUP BY host, instance, run ORDER BY last DESC, host, instance LIMIT ${listMax}`,
    'look for missing connections',
  );
  const connections = await ask(
    `SELECT host, instance, toUInt64(run) AS run, below + 1 AS first, conn - 1 AS last
      FROM (SELECT host, instance, run, conn, lagInFrame(conn) OVER (PARTITION BY host, instance, run ORDER BY conn
          ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS below
        FROM (SELECT DISTINCT host, instance, run, conn FROM (${runsSql(database)})))
      WHERE below > 0 AND conn > below + 1 ORDER BY host, instance, run, first LIMIT ${listMax}`,
    'look for missing connections',
  );
  const operations = await ask(
    `SELECT host, instance, sessionKey, conn, toUInt64(assumeNotNull(low)) AS lowest, toUInt64(assumeNotNull(high)) AS highest,
        toUInt64(high - low + 1 - operations) AS missing
      FROM (${sessionsSql(database)}) WHERE operations > 0 AND high - low + 1 > operations
      ORDER BY missing DESC, sessionKey LIMIT ${listMax}`,
    'look for missing operations',
  );
  return {
    runs: runs.map((row) => {
      const [lowest, highest, seen] = [numberOf(row['lowest']), numberOf(row['highest']), numberOf(row['seen'])];
      return {
        ...serverOf(row),
        run: numberOf(row['run']),
        began: numberOf(row['first']),
        ended: numberOf(row['last']),
        lowest,
        highest,
        seen,
        missing: Math.max(0, highest - lowest + 1 - seen),
      };
    }),
    connections: connections.map((row) => ({
      ...serverOf(row),
      run: numberOf(row['run']),
      from: numberOf(row['first']),
      to: numberOf(row['last']),
    })),
    operations: operations.map((row) => ({
      ...serverOf(row),
      sessionKey: textOf(row['sessionKey']),
      sessionId: numberOf(row['conn']),
      lowest: numberOf(row['lowest']),
      highest: numberOf(row['highest']),
      missing: numberOf(row['missing']),
    })),
  };
}

function serverOf(row: Row): { readonly host: string; readonly instance: string } {
  return { host: textOf(row['host']), instance: textOf(row['instance']) };
}
