import {
  id,
  setVisibilityInput,
  statsResult,
  visibilityResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";

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
  setVisibility: mutation(
    {
      doc: "Shows one's own figures, or an achievement that one holds, to the members or to nobody else.",
      role: "viewer",
      input: setVisibilityInput,
      output: writtenOf(visibilityResult),
    },
    ({ ws, input, options }) => ws.stats.setVisibility(input, options),
  ),
} satisfies TRPCRouterRecord;
