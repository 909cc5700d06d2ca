import { sql } from "kysely";
import { statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";

/** Columns as the query gives them. */
export interface PerformanceRow {
  readonly agentId: string | null;
  readonly startsAt: Date | null;
  readonly runs: string;
  readonly successes: string;
  readonly successLow: number;
  readonly p50: string | null;
  readonly p95: string | null;
  readonly p99: string | null;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly costMicros: string;
}

interface Asked {
  readonly agentId: string | undefined;
  readonly from: Date;
  readonly to: Date | undefined;
  readonly by: "agent" | "hour" | "day" | undefined;
}

/** Histograms are summed bucket by bucket, so that a quantile is of all runs and no mean of means. */
export function performanceOf(ws: Handle, asked: Asked): Query<PerformanceRow> {
  const { agentId, from, to, by } = asked;
  return statement(sql<PerformanceRow>`
    with hours as (
      select p.*,
        case when ${by ?? null}::text = 'agent' then p.agent_id end as by_agent,
        case ${by ?? null}::text
          when 'hour' then p.hour
          when 'day' then date_trunc('day', p.hour, 'UTC')
        end as by_time
      from codex.agent_performance p
      where p.workspace_id = ${ws.workspaceId} and p.hour >= ${from}::timestamptz
        and p.hour < coalesce(${to ?? null}::timestamptz, now())
        and (${agentId ?? null}::uuid is null or p.agent_id = ${agentId ?? null}::uuid)
    ), buckets as (
      -- Each hour comes once for each of its buckets, and is counted with the first.
      select h.by_agent, h.by_time, b.at, sum(b.count)::bigint as count,
        sum(h.execution_count) filter (where b.at = 1) as runs,
        sum(h.success_count) filter (where b.at = 1) as successes,
        sum(h.input_tokens_count) filter (where b.at = 1) as input_tokens,
        sum(h.output_tokens_count) filter (where b.at = 1) as output_tokens,
        sum(h.cost_micros) filter (where b.at = 1) as cost_micros
      from hours h
      cross join lateral unnest(h.durations) with ordinality as b (count, at)
      group by h.by_agent, h.by_time, b.at
    ), sums as (
      select by_agent, by_time, array_agg(count order by at) as durations,
        sum(runs)::bigint as runs, sum(successes)::bigint as successes,
        sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens,
        sum(cost_micros)::bigint as cost_micros
      from buckets
      group by by_agent, by_time
    )
    select s.by_agent as "agentId", s.by_time as "startsAt", s.runs, s.successes,
      codex.wilson_lower_bound(s.successes, s.runs) as "successLow",
      codex.duration_quantile(s.durations, 0.5) as p50,
      codex.duration_quantile(s.durations, 0.95) as p95,
      codex.duration_quantile(s.durations, 0.99) as p99,
      s.input_tokens as "inputTokens", s.output_tokens as "outputTokens",
      s.cost_micros as "costMicros"
    from sums s
    order by s.by_time, s.runs desc, s.by_agent`);
}
