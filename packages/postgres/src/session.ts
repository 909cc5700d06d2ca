import type pg from "pg";
import { cancel } from "./cancel.ts";
import { aborted, timedOut } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { isConflict, isStaleStatement, isUnavailable, PostgresFailure } from "./failure.ts";
import { PreparedStatements } from "./prepared.ts";
import type { Statement, StatementResult } from "./statement.ts";
import { Turn } from "./turn.ts";
import type { TurnEnd } from "./turn.ts";
import type { Parser } from "./wire.ts";

/** Milliseconds that the server may answer later than its own statement_timeout. */
const graceMs = 1_000;

export interface TurnRequest {
  readonly statements: readonly Statement[];
  /** Sends `commit` behind a Sync of its own. */
  readonly commit: boolean;
  /** Statements in front of the caller's own: begin and context. */
  readonly prefix: number;
  /** Nothing can be lost: an unknown outcome is as good as none. */
  readonly readOnly: boolean;
}

/** A connection that somebody has checked out. */
export class Session {
  readonly #client: pg.PoolClient;
  readonly #names: boolean;
  readonly #parserOf: (oid: number) => Parser;
  #broken = false;

  constructor(
    client: pg.PoolClient,
    options: { names: boolean; parserOf: (oid: number) => Parser },
  ) {
    this.#client = client;
    this.#names = options.names;
    this.#parserOf = options.parserOf;
  }

  /** Sends one turn and gives its results. Throws a PostgresFailure that says what became of it. */
  async run(request: TurnRequest, deadline: Deadline): Promise<StatementResult[]> {
    // The last moment: nothing is sent for a caller who has left while a connection was found.
    deadline.check();
    const prepared = this.#names ? preparedOn(this.#client) : undefined;
    const { statements, commit } = request;
    const turn = turnOf({ statements, commit, prepared, parserOf: this.#parserOf });
    const guard = this.#guard(turn, deadline);
    turn.start(this.#client);
    const end = await turn.end;
    const reason = await guard.over();
    if (end.kind === "answered") return end.results;
    if (end.kind === "refused" && isStaleStatement(codeOf(end.error))) prepared?.markStale();
    const code = codeOf(end.error);
    // A server that takes no writes may be the old primary of a failover: the next connection may reach
    // the new one.
    if (end.kind === "lost" || isUnavailable(code) || code === "25006") this.#broken = true;
    throw failureOf(end, request, reason);
  }

  /** Gives the connection back; one that is not idle and clean is closed instead. */
  async release(): Promise<void> {
    if (!this.#broken && this.#client.getTransactionStatus() !== "I") await this.#rollBack();
    this.#client.release(this.#broken || this.#client.getTransactionStatus() !== "I");
  }

  /** Closes the connection: whatever it was doing is undone by the server. */
  destroy(): void {
    this.#broken = true;
    (
      this.#client as unknown as { connection: { stream: { destroy(): void } } }
    ).connection.stream.destroy();
  }

  // One second for it: a server that does not even roll back is not worth waiting for.
  async #rollBack(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), graceMs);
    const statements = [{ sql: "rollback", parameters: [] }];
    const turn = new Turn({
      statements,
      commit: false,
      prepared: undefined,
      parserOf: this.#parserOf,
    });
    turn.start(this.#client);
    const end = await turn.end;
    clearTimeout(timer);
    if (end.kind !== "answered") this.#broken = true;
  }

  /** Stops the turn at the deadline or the caller's wish, and tells afterwards which of them it was. */
  #guard(turn: Turn, deadline: Deadline): { over(): Promise<Reason> | Reason } {
    let reason: Reason;
    let cancelling: Promise<void> | undefined;
    let backstop: NodeJS.Timeout | undefined;
    const stop = (why: Reason): void => {
      reason ??= why;
      cancelling ??= cancel(this.#client);
      // Neither the cancelled statement nor an answer: the server hangs, or the network does.
      backstop ??= setTimeout(() => this.destroy(), graceMs);
    };
    const onAbort = (): void => stop("aborted");
    // The server stops itself by statement_timeout; this is for one that does not.
    const timer = setTimeout(() => stop("timeout"), deadline.remainingMs + graceMs / 4);
    const { signal } = deadline;
    signal?.addEventListener("abort", onAbort, { once: true });
    return {
      over: () => {
        clearTimeout(timer);
        clearTimeout(backstop);
        signal?.removeEventListener("abort", onAbort);
        // A request that is still under way would hit whatever runs here next.
        if (cancelling !== undefined) return cancelling.then(() => reason);
        return deadline.remainingMs <= 0 ? "timeout" : undefined;
      },
    };
  }
}

function turnOf(options: ConstructorParameters<typeof Turn>[0]): Turn {
  try {
    return new Turn(options);
  } catch (cause) {
    throw new PostgresFailure("misuse", "a value cannot be sent", { cause });
  }
}

/** Why a turn was stopped from here. */
type Reason = "aborted" | "timeout" | undefined;

function failureOf(
  end: Exclude<TurnEnd, { kind: "answered" }>,
  request: TurnRequest,
  reason: Reason,
): PostgresFailure {
  const { error: cause } = end;
  if (end.kind === "refused")
    return refusal(cause, { reason, statement: placeOf(end.step, request) });
  if (end.kind === "unreadable")
    return new PostgresFailure("unreadable", "a value in the answer cannot be read", { cause });
  if (end.sent && !request.readOnly)
    return new PostgresFailure(
      "unknown",
      "the connection broke before the answer came; the change may have been made",
      { cause },
    );
  if (reason === "aborted") return aborted(undefined);
  if (reason === "timeout") return timedOut(cause);
  return new PostgresFailure("unavailable", "the connection to PostgreSQL broke", { cause });
}

function refusal(
  cause: Error,
  at: { reason: Reason; statement: number | undefined },
): PostgresFailure {
  const code = codeOf(cause);
  if (code === "57014" && at.reason === "aborted")
    return new PostgresFailure("aborted", "the call was aborted", { cause });
  // A statement_timeout of our own, or of the role: either way the time was over.
  if (code === "57014") return timedOut(cause);
  if (isUnavailable(code))
    return new PostgresFailure("unavailable", "PostgreSQL is not available", { cause, code });
  const message = isConflict(code) ? "a concurrent change was in the way" : "PostgreSQL refused";
  return new PostgresFailure("refused", message, { cause, code, statement: at.statement });
}

function placeOf(step: number, { prefix, statements }: TurnRequest): number | undefined {
  return step < prefix || step >= statements.length ? undefined : step - prefix;
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

const preparedByClient = new WeakMap<pg.ClientBase, PreparedStatements>();
function preparedOn(client: pg.ClientBase): PreparedStatements {
  const known = preparedByClient.get(client);
  if (known !== undefined) return known;
  const made = new PreparedStatements();
  preparedByClient.set(client, made);
  return made;
}
