import { id, statsResult } from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { query } from "../trpc.ts";

export const stats = {
  get: query(
    {
      doc: "Points, level and streak of a member who shows them.",
      role: "viewer",
      input: z.strictObject({ userId: id }),
      output: statsResult,
    },
    ({ ws, input, options }) => ws.stats.get(input.userId, options),
  ),
} satisfies TRPCRouterRecord;
