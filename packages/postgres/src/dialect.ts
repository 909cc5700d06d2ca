import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type {
  CompiledQuery,
  DatabaseConnection,
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
  TransactionSettings,
} from "kysely";
import { PostgresFailure } from "./failure.ts";
import type { Scope } from "./scope.ts";
import type { StatementResult } from "./statement.ts";
import { cursorRows } from "./stream.ts";
import type { IsolationLevel, Transaction } from "./transaction.ts";

interface AbortableOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Where a Kysely connection sends its statements. */
interface Target {
  run(statement: CompiledQuery, options?: AbortableOptions): Promise<StatementResult>;
}

abstract class BaseDialect implements Dialect {
  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own signature
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }

  abstract createDriver(): Driver;
}

/** Kysely in a scope: a connection is no more than a name until a transaction begins. */
export class ScopedDialect<DB> extends BaseDialect {
  readonly #scope: Scope<DB>;

  constructor(scope: Scope<DB>) {
    super();
    this.#scope = scope;
  }

  createDriver(): Driver {
    return new ScopedDriver(this.#scope);
  }
}

/** Kysely in a transaction that is already open. */
export class TransactionDialect<DB> extends BaseDialect {
  readonly #transaction: Transaction<DB>;

  constructor(transaction: Transaction<DB>) {
    super();
    this.#transaction = transaction;
  }

  createDriver(): Driver {
    return new TransactionDriver(this.#transaction);
  }
}

class ScopedConnection<DB> implements DatabaseConnection {
  readonly scope: Scope<DB>;
  transaction: Transaction<DB> | undefined;

  constructor(scope: Scope<DB>) {
    this.scope = scope;
  }

  async executeQuery<Row>(
    query: CompiledQuery,
    options?: AbortableOptions,
  ): Promise<QueryResult<Row>> {
    const target: Target = this.transaction ?? this.scope;
    return toKysely<Row>(await target.run(query, options));
  }

  async *streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const rows =
      this.transaction === undefined
        ? this.scope.stream<Row>(query, { chunkSize, ...options })
        : cursorRows<Row>(this.transaction, query, chunkSize);
    for await (const row of rows) yield { rows: [row] };
  }
}

class ScopedDriver<DB> implements Driver {
  readonly #scope: Scope<DB>;

  constructor(scope: Scope<DB>) {
    this.#scope = scope;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new ScopedConnection(this.#scope);
  }

  async beginTransaction(
    connection: ScopedConnection<DB>,
    settings: TransactionSettings,
  ): Promise<void> {
    if (settings.accessMode !== undefined)
      throw new PostgresFailure("misuse", "the scope says whether a transaction is read-only");
    connection.transaction = this.#scope.open(undefined, isolationOf(settings));
  }

  async commitTransaction(connection: ScopedConnection<DB>): Promise<void> {
    await connection.transaction?.commit();
  }

  async rollbackTransaction(connection: ScopedConnection<DB>): Promise<void> {
    await connection.transaction?.close();
  }

  async releaseConnection(connection: ScopedConnection<DB>): Promise<void> {
    await connection.transaction?.close();
    connection.transaction = undefined;
  }

  async destroy(): Promise<void> {}
}

class TransactionDriver<DB> implements Driver {
  readonly #transaction: Transaction<DB>;

  constructor(transaction: Transaction<DB>) {
    this.#transaction = transaction;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const transaction = this.#transaction;
    return {
      executeQuery: async <Row>(query: CompiledQuery) =>
        toKysely<Row>(await transaction.run(query)),
      async *streamQuery<Row>(query: CompiledQuery, chunkSize: number) {
        for await (const row of cursorRows<Row>(transaction, query, chunkSize))
          yield { rows: [row] };
      },
    };
  }

  async beginTransaction(): Promise<void> {
    throw new PostgresFailure("misuse", "a transaction is open already");
  }

  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

function isolationOf({ isolationLevel }: TransactionSettings): IsolationLevel | undefined {
  if (isolationLevel === undefined || isolationLevel === "read uncommitted") return undefined;
  if (isolationLevel === "snapshot") return "repeatable read";
  return isolationLevel;
}

const changing = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

function toKysely<Row>({ rows, command, rowCount }: StatementResult): QueryResult<Row> {
  const result = { rows: rows as Row[] };
  return changing.has(command) ? { ...result, numAffectedRows: BigInt(rowCount) } : result;
}
