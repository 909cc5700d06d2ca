import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import pg from "pg";
import { Checkouts } from "./checkout.ts";
import type { Form } from "./checkout.ts";
import { Deadline } from "./deadline.ts";
import type { Limits } from "./deadline.ts";
import { Scope } from "./scope.ts";
import type { ScopeOptions, Shared } from "./scope.ts";
import type { ServerFacts } from "./server.ts";
import type { Parser } from "./wire.ts";

/** Settings of `createPostgres`. */
export interface PostgresOptions {
  /** A pool of the caller's, who also closes it. */
  readonly pool?: pg.Pool | undefined;
  /** Settings of a pool to make: pg's, with `connectionString`, `max` (10) and so on. */
  readonly connection?: string | pg.PoolConfig | undefined;
  /**
   * `implicit` lets a statement and its context share the transaction that a Sync makes; `explicit`
   * sends BEGIN and COMMIT along, in the same write, as Citus needs it. `auto` (default) asks the server.
   */
  readonly form?: Form | "auto" | undefined;
  /** Whether statements are prepared under a name. `auto` (default): unless a pooler loses names. */
  readonly preparedStatements?: boolean | "auto" | undefined;
  /** Milliseconds that a call may take when it does not say so itself; 30,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds that a call waits for a free connection, within its `timeoutMs`; then it is
   * `unavailable`. As long as the call may take, unless given.
   */
  readonly poolWaitMs?: number | undefined;
  /** Calls that may wait for a connection at once; one more is `unavailable` right away. No limit unless given. */
  readonly poolQueueMax?: number | undefined;
  /** Milliseconds that a statement waits for a lock; the server's own limit unless given. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a call is done again after a failure that left nothing behind; 5. */
  readonly retriesMax?: number | undefined;
  /** Parsers by type OID, before pg's own: `{ 1082: (day) => day }`. */
  readonly parsers?: Readonly<Record<number, Parser>> | undefined;
}

/** Connections of a pool at one moment. */
export interface PoolUsage {
  readonly open: number;
  readonly idle: number;
  /** Calls that wait for one. */
  readonly waiting: number;
}

/** A pool whose connections are used one turn at a time, each turn with its tenant in front. */
export interface Postgres extends AsyncDisposable {
  /** A scope, which costs no round trip to make. */
  scope<DB = unknown>(options?: ScopeOptions): Scope<DB>;
  /** What the server is; asks once. Throws PostgresFailure. */
  facts(limits?: Limits): Promise<ServerFacts>;
  /** How its connections are used now. */
  usage(): PoolUsage;
  /** Where the connections go, for telemetry. */
  readonly address: { readonly host: string; readonly port: number; readonly database: string };
  /** Closes the pool, unless the caller brought it. Waits for what is under way. */
  close(): Promise<void>;
}

const timeoutMsDefault = 30_000;
const retriesMaxDefault = 5;
const connectMsDefault = 10_000;

/** Opens nothing yet: the first call connects. */
export function createPostgres(options: PostgresOptions): Postgres {
  const own = options.pool === undefined;
  const pool = options.pool ?? makePool(options.connection);
  const timeoutMs = options.timeoutMs ?? timeoutMsDefault;
  const shared: Shared = {
    checkouts: new Checkouts({
      pool,
      form: options.form ?? "auto",
      preparedStatements: options.preparedStatements ?? "auto",
      poolWaitMs: options.poolWaitMs ?? Number.POSITIVE_INFINITY,
      poolQueueMax: options.poolQueueMax ?? Number.POSITIVE_INFINITY,
      timeoutMs,
      parserOf: parserIn(options.parsers ?? {}),
    }),
    lockTimeoutMs: options.lockTimeoutMs,
    timeoutMs,
    retriesMax: options.retriesMax ?? retriesMaxDefault,
  };
  const close = async (): Promise<void> => {
    if (own && !pool.ending) await pool.end();
  };
  return {
    scope: <DB>(scope: ScopeOptions = {}) => new Scope<DB>(shared, scope),
    facts: (limits = {}) => shared.checkouts.facts(new Deadline(limits, shared.timeoutMs)),
    usage: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    address: addressOf(pool),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * A client that hangs up on what it cannot go on with. pg's own stays open where it has no password to answer with: it
 * takes one of the server's places, and keeps a process from its end, until authentication_timeout, a minute.
 */
class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter & { stream: Socket } };
    connection.on("error", () => connection.stream.destroy());
  }
}

function makePool(connection: string | pg.PoolConfig = {}): pg.Pool {
  const config = typeof connection === "string" ? { connectionString: connection } : connection;
  const pool = new pg.Pool({ connectionTimeoutMillis: connectMsDefault, Client, ...config });
  // A connection that breaks while nobody uses it is replaced.
  pool.on("error", () => {});
  return pool;
}

function parserIn(own: Readonly<Record<number, Parser>>): (oid: number) => Parser {
  return (oid) => own[oid] ?? (parserOf(oid, "text") as Parser);
}

const parserOf = pg.types.getTypeParser as (oid: number, format: "text") => unknown;

function addressOf(pool: pg.Pool): Postgres["address"] {
  // A client that never connects: pg reads the connection string and the environment for us.
  const { host, port, database } = new pg.Client(pool.options);
  return { host, port, database: database ?? "" };
}
