import { only } from "../edit.ts";
import { ExecutionClient } from "../executions/executions.ts";
import type { ReapedExecution } from "../executions/execution.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { DeliveryQueue } from "./delivery-queue.ts";
import { FeedQueue } from "./feed-queue.ts";
import {
  compareSignals,
  escalateAlerts,
  previewRetention,
  raiseStaleInsights,
  runRetention,
} from "./queries.ts";
import type { RetentionRow } from "./queries.ts";
import { limitInput, retentionInput, runRetentionInput } from "./schemas.ts";
import type { RetentionInput, RunRetentionInput } from "./schemas.ts";

/** Rows of a table that went, or would. */
export interface RetentionCount {
  readonly table: string;
  readonly rows: number;
}

interface Limited extends CallOptions {
  /** How many at most, 1 to 1,000. */
  readonly limit?: number | undefined;
}

/**
 * What is to be done in one workspace without anybody asking. Any number of workers may do it at once:
 * each call takes what no other has in hand. It waits for no row that it would take; for those who count for the same
 * agent or end its assignment (executions), or queue the same events, until their transaction ends.
 */
export class Background {
  readonly deliveries: DeliveryQueue;
  readonly feeds: FeedQueue;
  readonly #ws: Handle;
  readonly #executions: ExecutionClient;

  constructor(ws: Handle) {
    this.#ws = ws;
    this.deliveries = new DeliveryQueue(ws);
    this.feeds = new FeedQueue(ws);
    this.#executions = new ExecutionClient(ws);
  }

  /**
   * Takes the next step of each alert that nobody acknowledged in time, once (100); gives how many. Where none is due:
   * how many alerts it looked at for a silence over more of them than could be marked at once.
   */
  async escalateAlerts(options: Limited = {}): Promise<{ count: number }> {
    const { limit, ...call } = limited(options, 100);
    return this.#ws.write(
      {
        operation: { name: "background.escalateAlerts", table: "system_alerts" },
        queries: [escalateAlerts(this.#ws, limit)],
        input: limit,
        settle: ([rows]) => only(rows, "alert"),
      },
      call,
    );
  }

  /** Queues again, or ends, executions whose worker fell silent (100). */
  async reapExecutions(options: Limited = {}): Promise<readonly ReapedExecution[]> {
    return this.#executions.reap(limited(options, 100));
  }

  /** Looks for near-duplicates of signals that came in large numbers (200); gives how many were compared. */
  async compareSignals(options: Limited = {}): Promise<{ count: number }> {
    const { limit, ...call } = limited(options, 200);
    return this.#ws.write(
      {
        operation: { name: "background.compareSignals", table: "intelligence_signals" },
        queries: [compareSignals(this.#ws, limit)],
        input: limit,
        settle: ([rows]) => only(rows, "signal"),
      },
      call,
    );
  }

  /** Raises an alert for each active insight whose signals have decayed, once for each (100). */
  async raiseStaleInsights(
    options: Limited = {},
  ): Promise<readonly { insightId: string; alertId: string }[]> {
    const { limit, ...call } = limited(options, 100);
    return this.#ws.write(
      {
        operation: { name: "background.raiseStaleInsights", table: "market_insights" },
        queries: [raiseStaleInsights(this.#ws, limit)],
        input: limit,
        settle: ([rows]) => [...rows],
      },
      call,
    );
  }

  /** What `runRetention` would remove, table by table. Throws InvalidInput. */
  async previewRetention(
    input: RetentionInput,
    options: CallOptions = {},
  ): Promise<readonly RetentionCount[]> {
    return this.#ws.read(
      {
        operation: { name: "background.previewRetention", table: input.kind },
        queries: [previewRetention(this.#ws, parse(retentionInput, input))],
        settle: ([rows]) => rows.map(toCount),
      },
      options,
    );
  }

  /**
   * Removes what is old for good, up to `limit` rows of a table at a time (1,000); of signals the contents.
   * All 0 when none is left; empty while another worker is at it. Throws InvalidInput, also for boards of
   * the last 13 months.
   */
  async runRetention(
    input: RunRetentionInput,
    options: CallOptions = {},
  ): Promise<readonly RetentionCount[]> {
    return this.#ws.write(
      {
        operation: { name: "background.runRetention", table: input.kind },
        queries: [runRetention(this.#ws, parse(runRetentionInput, input))],
        input,
        settle: ([rows]) => rows.map(toCount),
      },
      options,
    );
  }
}

function toCount({ table, amount }: RetentionRow): RetentionCount {
  return { table, rows: Number(amount) };
}

function limited(
  { signal, timeoutMs, limit }: Limited,
  preset: number,
): CallOptions & { limit: number } {
  return { signal, timeoutMs, ...parse(limitInput(preset), { limit }) };
}
