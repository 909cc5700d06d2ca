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
    ), sums as (
      select by_agent, by_time, sum(execution_count)::bigint as runs,
        sum(success_count)::bigint as successes,
        sum(input_tokens_count)::bigint as input_tokens,
        sum(output_tokens_count)::bigint as output_tokens, sum(cost_micros)::bigint as cost_micros
      from hours
      group by by_agent, by_time
    ), buckets as (
      select by_agent, by_time, array_agg(count order by at) as durations
      from (
        select h.by_agent, h.by_time, b.at, sum(b.count)::bigint as count
        from hours h
        cross join lateral unnest(h.durations) with ordinality as b (count, at)
        group by h.by_agent, h.by_time, b.at
      ) counted
      group by by_agent, by_time
    )
    select s.by_agent as "agentId", s.by_time as "startsAt", s.runs, s.successes,
      codex.wilson_lower_bound(s.successes, s.runs) as "successLow",
      codex.duration_quantile(b.durations, 0.5) as p50,
      codex.duration_quantile(b.durations, 0.95) as p95,
      codex.duration_quantile(b.durations, 0.99) as p99,
      s.input_tokens as "inputTokens", s.output_tokens as "outputTokens",
      s.cost_micros as "costMicros"
    from sums s
    join buckets b
      on b.by_agent is not distinct from s.by_agent and b.by_time is not distinct from s.by_time
    order by s.by_time, s.runs desc, s.by_agent`);
}
