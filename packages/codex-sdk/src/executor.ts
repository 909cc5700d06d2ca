import { isConflict, PostgresFailure, statementsMax } from "@codex/postgres";
import type { Scope, Statement, StatementResult, Transaction } from "@codex/postgres";
import type { Query, RowsOf } from "./builder.ts";
import { cursorsOf } from "./cursor.ts";
import { CodexError, invalidInput } from "./errors.ts";
import type { Call, Cursors, Handle, Outcome, WriteCall } from "./handle.ts";
import { claimKey, claimOf, decode, readResponse, storeResponse } from "./idempotency.ts";
import type { Claim } from "./idempotency.ts";
import { newId } from "./ids.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "./options.ts";
import type { Telemetry } from "./telemetry.ts";
import { translate } from "./translate.ts";

type Queries = readonly Query[];

export const made: Outcome = { replayed: false };

/** What the handles of one workspace share. */
export interface Surroundings {
  readonly workspaceId: string;
  readonly telemetry: Telemetry;
  readonly cursorSecret: string;
  /** Whether a write wakes up whoever listens on `codex_events`; once a transaction. */
  readonly notify?: boolean | undefined;
  /** Whether an API key is what the caller came with: a key that opens nothing is nobody's. */
  readonly byKey?: boolean | undefined;
  /** A statement that goes in front of the first call, once: the trace that system work leaves. */
  readonly preamble?: { statement: Statement | undefined } | undefined;
}

export abstract class BaseHandle implements Handle {
  readonly workspaceId: string;
  readonly cursors: Cursors;
  readonly isAlone: boolean = false;
  protected readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    this.workspaceId = around.workspaceId;
    this.cursors = cursorsOf(around.workspaceId, around.cursorSecret);
  }

  abstract read<const Q extends Queries, T>(call: Call<Q, T>, options: CallOptions): Promise<T>;
  abstract write<const Q extends Queries, T>(
    call: WriteCall<Q, T>,
    options: EditOptions,
  ): Promise<Written<T>>;

  /** One call: a span, a request id, and one kind of error. */
  protected call<T>(
    { operation, queries }: Pick<Call<Queries, never>, "operation" | "queries">,
    work: () => Promise<T>,
    { readOnly = false } = {},
  ): Promise<T> {
    return this.around.telemetry.record(operation, queries.length, async () => {
      try {
        return await work();
      } catch (error) {
        throw translate(error, newId(), { byKey: this.around.byKey, readOnly });
      }
    });
  }

  /** The wake-up that follows a write, if it is wanted: the workspace's id and nothing of the change. */
  protected wakeUp(): readonly Statement[] {
    const { notify, workspaceId } = this.around;
    if (notify !== true || workspaceId === "") return [];
    return [{ sql: "select pg_notify('codex_events', $1)", parameters: [workspaceId] }];
  }

  /** The preamble, while it is due. */
  protected preceding(): readonly Statement[] {
    const due = this.around.preamble?.statement;
    return due === undefined ? [] : [due];
  }

  /** What the preamble went with is committed: it is due no more. */
  protected entered(): void {
    if (this.around.preamble !== undefined) this.around.preamble.statement = undefined;
  }

  /** Sends a whole transaction, with the preamble when it is due, and gives the results of the others. */
  protected withPreamble(
    statements: readonly Statement[],
    send: (all: readonly Statement[], preceded: boolean) => Promise<StatementResult[]>,
  ): Promise<StatementResult[]> {
    const front = this.preceding();
    if (front.length === 0) return send(statements, false);
    return send([...front, ...statements], true).then((results) => {
      this.entered();
      return results.slice(front.length);
    });
  }
}

/** Each call is a transaction of its own. */
export class ScopeHandle extends BaseHandle {
  override readonly isAlone = true;
  readonly #scope: Scope<unknown>;

  constructor(scope: Scope<unknown>, around: Surroundings) {
    super(around);
    this.#scope = scope;
  }

  read<const Q extends Queries, T>(call: Call<Q, T>, options: CallOptions): Promise<T> {
    const work = async (): Promise<T> => {
      const results = await this.readAll(allOf(call), options);
      return call.settle(rowsOf<Q>(withoutHolds(call, results)), made);
    };
    return this.call(call, work, { readOnly: true });
  }

  /** Statements of any calls that read, in one read-only transaction. Throws PostgresFailure. */
  readAll(statements: readonly Statement[], options: CallOptions): Promise<StatementResult[]> {
    return this.withPreamble(statements, (all, preceded) =>
      this.#scope.batch(all, { ...limits(options), readOnly: !preceded }),
    );
  }

  write<const Q extends Queries, T>(
    call: WriteCall<Q, T>,
    options: EditOptions,
  ): Promise<Written<T>> {
    return this.call(call, async () => {
      const { idempotencyKey, expectedVersion } = options;
      if (idempotencyKey === undefined) return this.#once(call, options);
      const request = { operation: call.operation.name, input: call.input, expectedVersion };
      return this.#keyed(call, claimOf(this.workspaceId, idempotencyKey, request), options);
    });
  }

  async #once<Q extends Queries, T>(
    call: WriteCall<Q, T>,
    options: CallOptions,
  ): Promise<Written<T>> {
    const statements = [...allOf(call), ...this.wakeUp()];
    const results = await this.withPreamble(statements, (all) =>
      this.#scope.batch(all, limits(options)),
    );
    return call.settle(rowsOf<Q>(withoutHolds(call, results)), made) as Written<T>;
  }

  // Claim and effect go together, the result and COMMIT follow: two round trips.
  async #keyed<Q extends Queries, T>(
    call: WriteCall<Q, T>,
    claim: Claim,
    options: CallOptions,
  ): Promise<Written<T>> {
    try {
      const written = await this.#scope.transaction(
        async (transaction) => {
          const front = [...this.preceding(), ...statementsOf([claimKey(claim)])];
          const results = await transaction.batch([...front, ...allOf(call)]);
          const own = withoutHolds(call, results.slice(front.length));
          const rows = own.map((result) => result.rows);
          const result = call.settle(rows as unknown as RowsOf<Q>, made) as Written<T>;
          const store = statementsOf([storeResponse(claim, rows)]);
          await transaction.batch([...store, ...this.wakeUp()], { commit: true });
          return result;
        },
        { ...limits(options), idempotent: true },
      );
      this.entered();
      return written;
    } catch (error) {
      if (!(error instanceof PostgresFailure) || error.code !== "KX016") throw error;
      return this.#replay(call, claim, options);
    }
  }

  async #replay<Q extends Queries, T>(
    call: WriteCall<Q, T>,
    claim: Claim,
    options: CallOptions,
  ): Promise<Written<T>> {
    const [statement] = statementsOf([readResponse(claim)]);
    const { rows } = await this.#scope.run(statement as Statement, {
      ...limits(options),
      readOnly: true,
    });
    const stored = rows[0]?.["response"];
    // Expired between the two round trips.
    if (stored === undefined)
      throw new CodexError("InProgress", "this idempotency key has just expired");
    const result = call.settle(decode(stored) as RowsOf<Q>, { replayed: true });
    return (
      typeof result === "object" && result !== null && !Array.isArray(result)
        ? { ...result, replayed: true }
        : result
    ) as Written<T>;
  }
}

/** Every call is part of one open transaction. */
export class TransactionHandle extends BaseHandle {
  readonly #transaction: Transaction<unknown>;
  /** A failure after which the whole transaction is worth another try. */
  failure: PostgresFailure | undefined;
  #woken = false;
  #begun = false;

  constructor(transaction: Transaction<unknown>, around: Surroundings) {
    super(around);
    this.#transaction = transaction;
  }

  read<const Q extends Queries, T>(call: Call<Q, T>, options: CallOptions): Promise<T> {
    return this.call(call, () => this.#run(call, options, []));
  }

  write<const Q extends Queries, T>(
    call: WriteCall<Q, T>,
    options: WriteOptions,
  ): Promise<Written<T>> {
    return this.call(call, () => {
      if (options.idempotencyKey !== undefined)
        throw invalidInput("an idempotency key belongs to a call outside a transaction", [
          "idempotencyKey",
        ]);
      const wakeUp = this.#woken ? [] : this.wakeUp();
      this.#woken = true;
      return this.#run(call, options, wakeUp) as Promise<Written<T>>;
    });
  }

  /** All of it is committed. */
  committed(): void {
    if (this.#begun) this.entered();
  }

  async #run<Q extends Queries, T>(
    call: Call<Q, T>,
    options: CallOptions,
    wakeUp: readonly Statement[],
  ): Promise<T> {
    const front = this.#begun ? [] : this.preceding();
    this.#begun = true;
    let results: StatementResult[];
    try {
      const sent = [...front, ...allOf(call), ...wakeUp];
      results = await this.#transaction.batch(sent, limits(options));
    } catch (error) {
      // One that ended before it was sent took nothing with it.
      this.#begun = front.length === 0;
      if (
        error instanceof PostgresFailure &&
        (error.kind === "unavailable" || isConflict(error.code))
      )
        this.failure = error;
      throw error;
    }
    return call.settle(rowsOf<Q>(withoutHolds(call, results.slice(front.length))), made);
  }
}

/** Calls are gathered and go together, in one transaction: one round trip, and one more for COMMIT where they write. */
export class BatchHandle extends BaseHandle {
  readonly #waiting: {
    call: Sent;
    settle: (rows: unknown) => unknown;
    done: (rows: unknown) => void;
    failed: (error: unknown) => void;
  }[] = [];
  #sent = false;
  #writes = false;

  read<const Q extends Queries, T>(call: Call<Q, T>): Promise<T> {
    return this.call(call, () => this.#gather(call));
  }

  write<const Q extends Queries, T>(
    call: WriteCall<Q, T>,
    options: WriteOptions,
  ): Promise<Written<T>> {
    return this.call(call, () => {
      if (options.idempotencyKey !== undefined)
        throw invalidInput("a call with an idempotency key takes two round trips: make it alone", [
          "idempotencyKey",
        ]);
      this.#writes = true;
      return this.#gather(call) as Promise<Written<T>>;
    });
  }

  async #gather<Q extends Queries, T>(call: Call<Q, T>): Promise<T> {
    if (this.#sent)
      throw invalidInput("the calls of a batch cannot wait for each other: use a transaction");
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const settle = (rows: unknown): T => call.settle(rows as RowsOf<Q>, made);
    this.#waiting.push({ call, settle, done: resolve, failed: reject });
    return settle(await promise);
  }

  /** Sends everything that was gathered. A failure fails every call. */
  async flush(scope: Scope<unknown>, options: CallOptions): Promise<void> {
    this.#sent = true;
    try {
      const rows = await this.#send(scope, limits(options));
      for (const [at, { done }] of this.#waiting.entries()) done(rows[at]);
    } catch (error) {
      for (const { failed } of this.#waiting) failed(error);
    }
  }

  /** The rows of each call. A batch that writes is committed once every call has made its result of them. */
  async #send(scope: Scope<unknown>, options: CallOptions): Promise<unknown[]> {
    const gathered = this.#waiting.flatMap(({ call }) => allOf(call));
    const statements = [...gathered, ...(this.#writes ? this.wakeUp() : [])];
    if (statements.length > statementsMax)
      throw invalidInput(`a batch has at most ${statementsMax.toLocaleString("en")} statements`);
    // Reads leave nothing to undo.
    if (!this.#writes)
      return this.#rowsOf(await this.withPreamble(statements, (all) => scope.batch(all, options)));
    const results = await this.withPreamble(statements, (all) =>
      scope.transaction(async (transaction) => {
        const found = await transaction.batch(all);
        const rows = this.#rowsOf(found.slice(all.length - statements.length));
        for (const [at, { settle }] of this.#waiting.entries()) settle(rows[at]);
        return found;
      }, options),
    );
    return this.#rowsOf(results);
  }

  #rowsOf(results: readonly StatementResult[]): unknown[] {
    let from = 0;
    return this.#waiting.map(({ call }) => {
      const count = (call.holds?.length ?? 0) + call.queries.length;
      return rowsOf(withoutHolds(call, results.slice(from, (from += count))));
    });
  }
}

type Sent = Pick<Call<Queries, never>, "holds" | "queries">;

/** The statements of a call: what it holds comes first. */
function allOf({ holds = [], queries }: Sent): Statement[] {
  return statementsOf([...holds, ...queries]);
}

function withoutHolds(
  { holds = [] }: Sent,
  results: readonly StatementResult[],
): StatementResult[] {
  return results.slice(holds.length);
}

export function statementsOf(queries: Queries): Statement[] {
  return queries.map((query) => query.compile());
}

export function rowsOf<Q extends Queries>(results: readonly StatementResult[]): RowsOf<Q> {
  return results.map((result) => result.rows) as unknown as RowsOf<Q>;
}

function limits({ signal, timeoutMs }: CallOptions): CallOptions {
  return { signal, timeoutMs };
}
