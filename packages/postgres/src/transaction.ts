import { Kysely } from "kysely";
import type { Deadline, Limits } from "./deadline.ts";
import { TransactionDialect } from "./dialect.ts";
import { PostgresFailure } from "./failure.ts";
import type { Plan } from "./scope.ts";
import type { Session } from "./session.ts";
import type { Statement, StatementResult } from "./statement.ts";

export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

interface TransactionParts {
  readonly lease: (deadline: Deadline) => Promise<{ session: Session }>;
  /** The statement that carries context and deadline. */
  readonly prefix: (deadline: Deadline) => Statement;
  readonly plan: Plan;
  readonly isolation: IsolationLevel | undefined;
}

/** One transaction in a scope. Nothing is sent, and no connection is held, before its first statement. */
export class Transaction<DB> {
  readonly #parts: TransactionParts;
  #session: Session | undefined;
  #over = false;
  #turn: Promise<unknown> = Promise.resolve();
  #db: Kysely<DB> | undefined;

  constructor(parts: TransactionParts) {
    this.#parts = parts;
  }

  /** Kysely in this transaction. */
  get db(): Kysely<DB> {
    this.#db ??= new Kysely<DB>({ dialect: new TransactionDialect(this) });
    return this.#db;
  }

  /** Runs one statement: one round trip. Throws PostgresFailure; the transaction is then lost. */
  async run<Row = Record<string, unknown>>(
    statement: Statement,
    limits: Limits = {},
  ): Promise<StatementResult<Row>> {
    const [result] = await this.batch([statement], limits);
    return result as unknown as StatementResult<Row>;
  }

  /**
   * Runs statements that do not depend on each other's results: one round trip. With `commit` the
   * transaction ends in the same write. Limits may end it earlier than those of the transaction, which is then lost.
   */
  batch(
    statements: readonly Statement[],
    options: { commit?: boolean } & Limits = {},
  ): Promise<StatementResult[]> {
    // One after the other, also when the caller does not wait: what is cancelled is then the caller's.
    const turn = this.#turn.then(() => this.#send(statements, options));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Commits, unless that has been done or nothing was sent. */
  async commit(): Promise<void> {
    await this.#turn;
    if (this.#session === undefined || this.#over) return;
    await this.batch([], { commit: true });
  }

  /** Ends the transaction, rolling back what was not committed, and gives the connection back. */
  async close(): Promise<void> {
    await this.#turn;
    this.#over = true;
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  async #send(
    statements: readonly Statement[],
    { commit = false, ...limits }: { commit?: boolean } & Limits,
  ): Promise<StatementResult[]> {
    if (this.#over) throw new PostgresFailure("misuse", "the transaction is over");
    const { plan } = this.#parts;
    const deadline = plan.deadline.within(limits);
    deadline.check();
    const isFirst = this.#session === undefined;
    this.#session ??= (await this.#parts.lease(deadline)).session;
    const prefix = isFirst ? this.#opening() : [];
    const all = [...prefix, ...statements, ...(commit ? [commitStatement] : [])];
    if (commit) this.#over = true;
    const results = await this.#session.run(
      {
        statements: all,
        commit: false,
        prefix: prefix.length,
        // Before the commit is sent a lost connection undoes everything.
        readOnly: !commit || plan.readOnly || plan.idempotent,
      },
      deadline,
    );
    if (commit && results.at(-1)?.command === "ROLLBACK")
      throw new PostgresFailure("misuse", "the transaction was lost by a statement that failed");
    return results.slice(prefix.length, prefix.length + statements.length);
  }

  #opening(): Statement[] {
    const { isolation, prefix, plan } = this.#parts;
    const sql = isolation === undefined ? "begin" : `begin isolation level ${isolation}`;
    return [{ sql, parameters: [] }, prefix(plan.deadline)];
  }
}

const commitStatement: Statement = { sql: "commit", parameters: [] };
