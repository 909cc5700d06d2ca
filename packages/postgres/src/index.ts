/** A pool whose every statement travels with its tenant's context, in one write. */
export { createPostgres } from "./postgres.ts";
export type { PoolUsage, Postgres, PostgresOptions } from "./postgres.ts";
/** What a scope and its transactions can do. */
export { statementsMax } from "./scope.ts";
export type { CallOptions, Scope, ScopeOptions, TransactionOptions } from "./scope.ts";
export type { IsolationLevel, Transaction } from "./transaction.ts";
export type { Statement, StatementResult } from "./statement.ts";
export type { Limits } from "./deadline.ts";
/** How a statement is put into a transaction. */
export type { Form } from "./checkout.ts";
/** What the server is, and what stands in front of it. */
export type { ServerFacts } from "./server.ts";
/** The error of every call, and what became of the call. */
export { isConflict, PostgresFailure } from "./failure.ts";
export type { FailureKind } from "./failure.ts";
/** Turns the text of a value into a JavaScript value. */
export type { Parser } from "./wire.ts";
