import type { Query } from "../builder.ts";
import { holdVersion, only } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import { toExecution } from "./execution.ts";
import type {
  ClaimedExecution,
  Execution,
  ExecutionRow,
  Lease,
  ReapedExecution,
} from "./execution.ts";
import {
  cancelExecution,
  claimExecutions,
  completeExecution,
  failExecution,
  getExecution,
  heartbeatExecution,
  listExecutions,
  reapExecutions,
  retryExecution,
  startExecution,
} from "./queries.ts";
import type { Held } from "./queries.ts";
import {
  cancelExecutionInput,
  claimExecutionsInput,
  completeExecutionInput,
  failExecutionInput,
  fencingToken,
  listExecutionsInput,
  reapExecutionsInput,
  startExecutionInput,
  watchExecutionInput,
} from "./schemas.ts";
import type {
  CancelExecutionInput,
  ClaimExecutionsInput,
  CompleteExecutionInput,
  FailExecutionInput,
  ListExecutionsInput,
  ReapExecutionsInput,
  StartExecutionInput,
  WatchExecutionInput,
} from "./schemas.ts";
import { watchExecution } from "./watch.ts";

const entity = "execution";
const table = "agent_executions";

/**
 * Runs of a workspace's assignments. Creators and above start and cancel; the agent itself, or a creator
 * and above for it, works. An effect outside may happen in two attempts; what came out is kept once.
 */
export class ExecutionClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Queues a run. `outcome` is `existing` when `use_existing` found the same under way. Throws NotFound
   * for the assignment, Conflict when it has ended, its agent is retired or `reject` found the same,
   * InvalidInput, Forbidden.
   */
  async start(
    input: StartExecutionInput,
    options: WriteOptions = {},
  ): Promise<Written<{ execution: Execution; outcome: "started" | "existing" }>> {
    const parsed = parse(startExecutionInput, input);
    return this.#ws.write(
      {
        operation: { name: "executions.start", table },
        queries: [startExecution(this.#ws, newId(), parsed)],
        input,
        settle: ([rows]) => {
          const { isNew, ...row } = only(rows, entity);
          return { execution: toExecution(row), outcome: isNew ? "started" : "existing" };
        },
      },
      options,
    );
  }

  /**
   * Takes queued executions of an agent: the most urgent first, then the oldest, each for one worker,
   * within the concurrency of the assignments and the slots of the worker. Nobody waits for anybody;
   * none is an empty list. Throws NotFound for an agent unknown or retired, InvalidInput, Forbidden.
   */
  async claim(
    input: ClaimExecutionsInput,
    options: WriteOptions = {},
  ): Promise<readonly ClaimedExecution[]> {
    const { agentId, max, leaseMs, instance } = parse(claimExecutionsInput, input);
    return this.#ws.write(
      {
        operation: { name: "executions.claim", table },
        queries: [claimExecutions(this.#ws, { agentId, max, leaseMs, instance })],
        input,
        settle: ([rows]) => rows.map(toClaimed),
      },
      options,
    );
  }

  /**
   * Says that the worker is alive, which extends the lease; a third of the lease is often enough. Throws
   * LeaseLost when somebody else has it by now, IllegalTransition when it is over, NotFound, Forbidden.
   */
  async heartbeat(id: string, token: number, options: CallOptions = {}): Promise<Lease> {
    const held = heldBy(id, token);
    return this.#ws.write(
      {
        operation: { name: "executions.heartbeat", table },
        queries: [heartbeatExecution(this.#ws, held)],
        input: undefined,
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Ends it with what came out, and counts it in the agent's performance. Throws as `heartbeat`, InvalidInput. */
  async complete(
    id: string,
    token: number,
    input: CompleteExecutionInput & WriteOptions = {},
  ): Promise<Written<Execution>> {
    const { signal, timeoutMs, idempotencyKey, ...fields } = input;
    const held = heldBy(id, token);
    const query = completeExecution(this.#ws, held, parse(completeExecutionInput, fields));
    const options = { signal, timeoutMs, idempotencyKey };
    return this.#change("complete", { query, input: [held, fields] }, options);
  }

  /**
   * Ends the attempt: queued again after a while when it is `retryable`, attempts are left and its
   * assignment goes on, else failed; cancelled when that was asked for. Throws as `heartbeat`, InvalidInput.
   */
  async fail(
    id: string,
    token: number,
    input: FailExecutionInput & WriteOptions,
  ): Promise<Written<Execution>> {
    const { signal, timeoutMs, idempotencyKey, ...fields } = input;
    const held = heldBy(id, token);
    const query = failExecution(this.#ws, held, parse(failExecutionInput, fields));
    const options = { signal, timeoutMs, idempotencyKey };
    return this.#change("fail", { query, input: [held, fields] }, options);
  }

  /**
   * Cancels what is queued. The worker of what runs is asked to stop, and has the rest of its lease for it.
   * Throws InvalidInput, IllegalTransition when it is over, NotFound, StaleVersion, Forbidden.
   */
  async cancel(
    id: string,
    input: CancelExecutionInput & EditOptions = {},
  ): Promise<Written<Execution>> {
    const { signal, timeoutMs, idempotencyKey, expectedVersion, ...fields } = input;
    const target = parse(idInput, id);
    const { reason } = parse(cancelExecutionInput, fields);
    const query = cancelExecution(this.#ws, target, reason);
    const holds = holdVersion(this.#ws, { table, id: target }, { expectedVersion });
    const options = { signal, timeoutMs, idempotencyKey, expectedVersion };
    return this.#change("cancel", { query, holds, input: [target, fields] }, options);
  }

  /**
   * Queues what failed, timed out or was cancelled once more, as another execution. Throws
   * IllegalTransition from another state, Conflict when it was retried before or its assignment has
   * ended, NotFound, Forbidden.
   */
  async retry(id: string, options: WriteOptions = {}): Promise<Written<Execution>> {
    const target = parse(idInput, id);
    const query = retryExecution(this.#ws, target, newId());
    return this.#change("retry", { query, input: target }, options);
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Execution> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "executions.get", table },
        queries: [getExecution(this.#ws, target)],
        settle: ([rows]) => toExecution(only(rows, entity)),
      },
      options,
    );
  }

  /** Executions, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListExecutionsInput & CallOptions = {}): List<Execution> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listExecutionsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "executions.list", table },
        cursor: { name: "executions", filter, sort },
        page,
        query: (asked) => listExecutions(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toExecution(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * The execution as it is, then after each change, and last as it ended; changes that come together are told as
   * the last of them. Ends when the signal aborts; a database that is away is waited for. Outside a transaction.
   * Throws InvalidInput, NotFound.
   */
  async *watch(
    id: string,
    options: WatchExecutionInput & { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Execution, void, undefined> {
    const { signal, ...asked } = options;
    const target = parse(idInput, id);
    const { pollMs } = parse(watchExecutionInput, asked);
    yield* watchExecution(this.#ws, target, { pollMs, signal });
  }

  /**
   * Takes back what no worker speaks for any more, and tells what became of it: queued again while attempts are
   * left, then failed; timed out past its time. What waits for an assignment that has ended or an agent that is
   * retired is cancelled. Any number may do so at once. Throws InvalidInput, Forbidden.
   */
  async reap(input: ReapExecutionsInput & WriteOptions = {}): Promise<readonly ReapedExecution[]> {
    const { signal, timeoutMs, idempotencyKey, ...fields } = input;
    const { limit } = parse(reapExecutionsInput, fields);
    return this.#ws.write(
      {
        operation: { name: "executions.reap", table },
        queries: [reapExecutions(this.#ws, limit)],
        input: limit,
        settle: ([rows]) => rows,
      },
      { signal, timeoutMs, idempotencyKey },
    );
  }

  #change(
    verb: "complete" | "fail" | "cancel" | "retry",
    {
      query,
      holds,
      input,
    }: { query: Query<ExecutionRow>; holds?: readonly Query[]; input: unknown },
    options: EditOptions,
  ): Promise<Written<Execution>> {
    return this.#ws.write(
      {
        operation: { name: `executions.${verb}`, table },
        holds,
        queries: [query],
        input,
        settle: ([rows]) => toExecution(only(rows, entity)),
      },
      options,
    );
  }
}

function heldBy(id: string, token: number): Held {
  return { id: parse(idInput, id), token: parse(fencingToken, token) };
}

function toClaimed({
  fencingToken: token,
  ...row
}: ExecutionRow & { fencingToken: string }): ClaimedExecution {
  return { execution: toExecution(row), fencingToken: Number(token) };
}
