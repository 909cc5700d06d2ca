import { Kysely } from "kysely";
import type { Checkouts, Form } from "./checkout.ts";
import { anySignal, Deadline } from "./deadline.ts";
import type { Limits } from "./deadline.ts";
import { ScopedDialect } from "./dialect.ts";
import { isStaleStatement, PostgresFailure } from "./failure.ts";
import { withRetries } from "./retry.ts";
import type { Session } from "./session.ts";
import type { Statement, StatementResult } from "./statement.ts";
import { streamRows } from "./stream.ts";
import { Transaction } from "./transaction.ts";
import type { IsolationLevel } from "./transaction.ts";

/** What every call of a scope has in common. */
export interface ScopeOptions extends Limits {
  /**
   * An SQL expression that puts the tenant into the transaction, for instance
   * `{ sql: "app.set_tenant($1)", parameters: [tenantId] }`. It must set for the transaction only
   * (`set_config(…, true)` or `SET LOCAL`) and is sent in front of every statement, in the same write.
   */
  readonly context?: Statement | undefined;
  /** Runs as a read-only transaction: a write fails (25006), and a lost answer is asked for again. */
  readonly readOnly?: boolean | undefined;
  /** The work may be done twice: a lost answer is asked for again instead of being `unknown`. */
  readonly idempotent?: boolean | undefined;
}

/** Options of one call. */
export interface CallOptions extends Limits {
  /** Overrides the scope's. */
  readonly readOnly?: boolean | undefined;
  readonly idempotent?: boolean | undefined;
}

export interface TransactionOptions extends CallOptions {
  /** `read committed` unless the server's default is another. */
  readonly isolation?: IsolationLevel | undefined;
}

/** What the scopes of one pool share. */
export interface Shared {
  readonly checkouts: Checkouts;
  readonly timeoutMs: number;
  readonly lockTimeoutMs: number | undefined;
  readonly retriesMax: number;
}

/** Options of a call and its scope, brought together. */
export interface Plan {
  readonly deadline: Deadline;
  readonly readOnly: boolean;
  readonly idempotent: boolean;
}

/** Statements of one batch at most. */
export const statementsMax = 1_000;

/** A way into the database that always carries the same context. Making one costs no round trip. */
export class Scope<DB> {
  readonly #shared: Shared;
  readonly #options: ScopeOptions;
  #db: Kysely<DB> | undefined;

  constructor(shared: Shared, options: ScopeOptions) {
    this.#shared = shared;
    this.#options = options;
  }

  /** Kysely in this scope: each statement is one round trip, each transaction has n + 1. */
  get db(): Kysely<DB> {
    this.#db ??= new Kysely<DB>({ dialect: new ScopedDialect(this) });
    return this.#db;
  }

  /** Runs one statement: one round trip. Throws PostgresFailure. */
  async run<Row = Record<string, unknown>>(
    statement: Statement,
    options: CallOptions = {},
  ): Promise<StatementResult<Row>> {
    const [result] = await this.batch([statement], options);
    return result as unknown as StatementResult<Row>;
  }

  /**
   * Runs statements that do not depend on each other's results, in order and in one transaction:
   * one round trip for all. All of them take effect, or none. At most 1,000. Throws PostgresFailure,
   * whose `statement` is the place of the one that failed.
   */
  async batch(
    statements: readonly Statement[],
    options: CallOptions = {},
  ): Promise<StatementResult[]> {
    if (statements.length === 0) return [];
    if (statements.length > statementsMax)
      throw new PostgresFailure("misuse", `a batch has at most ${statementsMax} statements`);
    const plan = this.#plan(options);
    // Awaited: a promise that an async function passes on takes two more turns of the queue, here and below.
    return await this.#retry(plan, () => this.#once(statements, plan));
  }

  /**
   * Runs the work in one transaction. BEGIN and the context travel with its first statement, so n
   * statements that depend on each other take n + 1 round trips, and no statement takes none.
   * Committed when the work resolves, rolled back when it throws. After a conflict between
   * transactions, or a connection that broke before the commit was sent, the whole work is run again:
   * it should change nothing outside the database.
   */
  async transaction<T>(
    work: (transaction: Transaction<DB>) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const plan = this.#plan(options);
    return this.#retry(plan, async () => {
      const transaction = this.open(plan, options.isolation);
      try {
        const result = await work(transaction);
        await transaction.commit();
        return result;
      } finally {
        await transaction.close();
      }
    });
  }

  /** The rows of one statement, fetched in chunks of `chunkSize` (500) by a cursor of the server. */
  stream<Row = Record<string, unknown>>(
    statement: Statement,
    options: CallOptions & { chunkSize?: number } = {},
  ): AsyncIterableIterator<Row> {
    const { chunkSize, ...call } = options;
    const transaction = this.open(this.#plan(call));
    return streamRows<Row>(transaction, statement, chunkSize);
  }

  /** A transaction that the caller ends. For the dialect; use `transaction` otherwise. */
  open(plan: Plan = this.#plan({}), isolation?: IsolationLevel): Transaction<DB> {
    return new Transaction<DB>({
      lease: (deadline) => this.#shared.checkouts.lease(deadline),
      prefix: (deadline) => this.#contextStep({ ...plan, deadline }, idleLimit),
      plan,
      isolation,
    });
  }

  async #once(statements: readonly Statement[], plan: Plan): Promise<StatementResult[]> {
    const { session, form } = await this.#shared.checkouts.lease(plan.deadline);
    try {
      return await this.#send(session, form, { statements, plan });
    } finally {
      await session.release();
    }
  }

  async #send(
    session: Session,
    form: Form,
    { statements, plan }: { statements: readonly Statement[]; plan: Plan },
  ): Promise<StatementResult[]> {
    const explicit = form === "explicit";
    const step = this.#contextStep(plan);
    const prefix = explicit ? [begin, step] : [step];
    const results = await session.run(
      {
        statements: [...prefix, ...statements],
        commit: explicit,
        prefix: prefix.length,
        readOnly: plan.readOnly || plan.idempotent,
      },
      plan.deadline,
    );
    return results.slice(prefix.length);
  }

  // One statement for all of it, and the same text for every call of a scope's kind.
  #contextStep({ deadline, readOnly }: Plan, idle?: typeof idleLimit): Statement {
    const { context } = this.#options;
    const parameters = context?.parameters ?? [];
    const timeout = `set_config('statement_timeout', $${parameters.length + 1}, true)`;
    const parts = context === undefined ? [timeout] : [context.sql, timeout];
    if (readOnly) parts.push("set_config('transaction_read_only', 'on', true)");
    // Between two statements of a transaction nothing else would end it: not a process that is frozen
    // while it holds locks.
    if (idle !== undefined) parts.push(`set_config('${idle}', $${parameters.length + 1}, true)`);
    const { lockTimeoutMs } = this.#shared;
    if (lockTimeoutMs !== undefined)
      parts.push(`set_config('lock_timeout', '${Math.trunc(lockTimeoutMs)}', true)`);
    const timeoutMs = Math.max(1, Math.ceil(deadline.remainingMs));
    return { sql: `select ${parts.join(", ")}`, parameters: [...parameters, String(timeoutMs)] };
  }

  #plan(options: CallOptions): Plan {
    const scope = this.#options;
    const limits = {
      timeoutMs: options.timeoutMs ?? scope.timeoutMs,
      signal: anySignal(options.signal, scope.signal),
    };
    return {
      deadline: new Deadline(limits, this.#shared.timeoutMs),
      readOnly: options.readOnly ?? scope.readOnly ?? false,
      idempotent: options.idempotent ?? scope.idempotent ?? false,
    };
  }

  #retry<T>({ deadline }: Plan, work: () => Promise<T>): Promise<T> {
    const { checkouts, retriesMax } = this.#shared;
    let lostNames = 0;
    const failed = ({ code }: PostgresFailure): void => {
      if (isStaleStatement(code)) lostNames += 1;
      if (lostNames > 1) checkouts.stopNames();
    };
    return withRetries(work, { deadline, retriesMax, failed });
  }
}

const idleLimit = "idle_in_transaction_session_timeout";
const begin: Statement = { sql: "begin", parameters: [] };
