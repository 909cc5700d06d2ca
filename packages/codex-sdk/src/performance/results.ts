import { z } from "zod";
import { instantJson } from "../result.ts";

export const performanceResult = z
  .object({
    agentId: z.guid().nullable(),
    startsAt: instantJson.nullable(),
    runs: z.int(),
    successRate: z.number().nullable(),
    successLow: z.number(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    tokens: z.object({ input: z.int(), output: z.int() }),
    costMicros: z.int(),
  })
  .meta({ id: "PerformanceSummary", description: "What the runs of a span came to." });
