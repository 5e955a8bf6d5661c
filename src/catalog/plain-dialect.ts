import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { catalogError } from './catalog-error.ts';

/** A dialect whose failures are the product's own: every statement and every transaction goes through `catalogError`. */
export function plainDialect(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (database: Kysely<unknown>) => dialect.createIntrospector(database),
    createDriver: () => new PlainDriver(dialect.createDriver()),
  };
}

class PlainDriver implements Driver {
  readonly #driver: Driver;
  /** The connection behind each one given out. */
  readonly #inner = new WeakMap<DatabaseConnection, DatabaseConnection>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  init(): Promise<void> {
    return plain(() => this.#driver.init());
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const inner = await plain(() => this.#driver.acquireConnection());
    const outer: DatabaseConnection = {
      executeQuery: <R>(query: CompiledQuery) => plain(() => inner.executeQuery<R>(query)),
      streamQuery: <R>(query: CompiledQuery, size?: number) => stream<R>(inner, query, size),
    };
    this.#inner.set(outer, inner);
    return outer;
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return plain(() => this.#driver.beginTransaction(this.#of(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return plain(() => this.#driver.commitTransaction(this.#of(connection)));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return plain(() => this.#driver.rollbackTransaction(this.#of(connection)));
  }

  savepoint(connection: DatabaseConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    return plain(async () => this.#driver.savepoint?.(this.#of(connection), name, compile));
  }

  rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    return plain(async () => this.#driver.rollbackToSavepoint?.(this.#of(connection), name, compile));
  }

  releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    return plain(async () => this.#driver.releaseSavepoint?.(this.#of(connection), name, compile));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return plain(() => this.#driver.releaseConnection(this.#of(connection)));
  }

  destroy(): Promise<void> {
    return plain(() => this.#driver.destroy());
  }

  #of(connection: DatabaseConnection): DatabaseConnection {
    return this.#inner.get(connection) ?? connection;
  }
}

async function plain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw catalogError(thrown);
  }
}

async function* stream<R>(
  connection: DatabaseConnection,
  query: CompiledQuery,
  size: number | undefined,
): AsyncGenerator<QueryResult<R>> {
  try {
    yield* connection.streamQuery<R>(query, size);
  } catch (thrown) {
    throw catalogError(thrown);
  }
}
