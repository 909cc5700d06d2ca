import { listOf, performanceInput, performanceResult } from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { query } from "../trpc.ts";

export const performance = {
  summary: query(
    {
      doc: "Runs, success, durations, tokens and cost of agents over a window of hours.",
      role: "viewer",
      input: performanceInput,
      output: listOf(performanceResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.performance.summary(input, options),
  ),
} satisfies TRPCRouterRecord;
