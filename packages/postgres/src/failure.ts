import type { ServerError } from "./wire.ts";

/**
 * What became of a call that failed:
 * - `refused`: the server answered with an error and undid it; `cause` is pg's DatabaseError.
 * - `unavailable`: no connection, or it broke; nothing was done.
 * - `unknown`: the connection broke after a write had been sent; it may have been committed.
 * - `timeout`: the deadline passed; nothing was done.
 * - `aborted`: the caller's signal; nothing was done.
 * - `unreadable`: it was done, and its answer cannot be read here.
 * - `misuse`: a call that this library does not allow; nothing was sent.
 */
export type FailureKind =
  | "refused"
  | "unavailable"
  | "unknown"
  | "timeout"
  | "aborted"
  | "unreadable"
  | "misuse";

/** The one error of this package. Its message holds no value and no SQL. */
export class PostgresFailure extends Error {
  override readonly name = "PostgresFailure";
  readonly kind: FailureKind;
  /** How many times the call was tried. */
  readonly attempts: number;
  /** SQLSTATE, when the server refused. */
  readonly code: string | undefined;
  /** Place in the batch of the statement that failed; undefined for begin, context and commit. */
  readonly statement: number | undefined;
  /** Doing it again at once would only make it worse. */
  readonly final: boolean;

  constructor(kind: FailureKind, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.kind = kind;
    this.attempts = detail.attempts ?? 1;
    this.code = detail.code;
    this.statement = detail.statement;
    this.final = detail.final ?? false;
  }

  /** The server's error, when it refused. */
  get serverError(): ServerError | undefined {
    return this.kind === "refused" ? (this.cause as ServerError) : undefined;
  }
}

interface FailureDetail {
  readonly cause?: unknown;
  readonly attempts?: number;
  readonly code?: string | undefined;
  readonly statement?: number | undefined;
  readonly final?: boolean;
}

/** The same failure after so many attempts. */
export function withAttempts(failure: PostgresFailure, attempts: number): PostgresFailure {
  if (failure.attempts === attempts) return failure;
  const { kind, message, cause, code, statement, final } = failure;
  return new PostgresFailure(kind, message, { cause, attempts, code, statement, final });
}

/** Serialization failure and deadlock: the same work may succeed when it is done again. */
export function isConflict(code: string | undefined): boolean {
  return code === "40001" || code === "40P01";
}

/**
 * The server does not know the prepared statement, knows another of that name, or its plan no longer
 * fits the schema: parsing again helps.
 */
export function isStaleStatement(code: string | undefined): boolean {
  return code === "26000" || code === "42P05" || code === "0A000";
}

/** The server is going away, is not there yet or is full: nothing was done. */
export function isUnavailable(code: string | undefined): boolean {
  return (
    code !== undefined &&
    (code.startsWith("08") || ["57P01", "57P02", "57P03", "57P05", "53300"].includes(code))
  );
}
