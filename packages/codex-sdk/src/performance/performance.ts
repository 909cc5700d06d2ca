import { getAgent } from "../agents/queries.ts";
import { notFound } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { parse } from "../input.ts";
import type { CallOptions } from "../options.ts";
import { performanceOf } from "./queries.ts";
import type { PerformanceRow } from "./queries.ts";
import { performanceInput } from "./schemas.ts";
import type { PerformanceInput } from "./schemas.ts";

/** What the runs of a span came to. */
export interface PerformanceSummary {
  /** With `by: "agent"`. */
  readonly agentId: string | null;
  /** With `by: "hour"` and `by: "day"`. */
  readonly startsAt: Date | null;
  /** Runs that succeeded, failed or timed out; those cancelled only cost. */
  readonly runs: number;
  /** Share that succeeded, 0 to 1; null without runs. */
  readonly successRate: number | null;
  /** Lower end of its 95 % interval (Wilson). */
  readonly successLow: number;
  /** Milliseconds, within 9.1 % of the true quantile; null without runs. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly tokens: { readonly input: number; readonly output: number };
  /** Millionths of a US dollar. */
  readonly costMicros: number;
}

/** What agents achieved in a workspace. */
export class PerformanceClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Runs, success, durations, tokens and cost over a window of full hours; a row for each agent, hour or
   * day that has any, or one for all. Throws InvalidInput, and NotFound for an unknown agent.
   */
  async summary(
    input: PerformanceInput,
    options: CallOptions = {},
  ): Promise<readonly PerformanceSummary[]> {
    const { agentId, window, by } = parse(performanceInput, input);
    const agent = agentId === undefined ? [] : [getAgent(agentId)];
    return this.#ws.read(
      {
        operation: { name: "performance.summary", table: "agent_performance" },
        queries: [performanceOf(this.#ws, { agentId, ...window, to: window.to, by }), ...agent],
        settle: ([rows, found]) => {
          if (agentId !== undefined && found?.length === 0) throw notFound("agent");
          return rows.map(toSummary);
        },
      },
      options,
    );
  }
}

/** The only place where a row becomes a summary. */
function toSummary(row: PerformanceRow): PerformanceSummary {
  const { agentId, startsAt, successLow } = row;
  const runs = Number(row.runs);
  return {
    agentId,
    startsAt,
    runs,
    successRate: runs === 0 ? null : Number(row.successes) / runs,
    successLow,
    p50: numberOf(row.p50),
    p95: numberOf(row.p95),
    p99: numberOf(row.p99),
    tokens: { input: Number(row.inputTokens), output: Number(row.outputTokens) },
    costMicros: Number(row.costMicros),
  };
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
