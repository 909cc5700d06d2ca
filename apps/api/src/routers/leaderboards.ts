import {
  id,
  leaderboardAroundInput,
  leaderboardRankInput,
  leaderboardTopInput,
  listOf,
  pageOf,
  placeResult,
  rankResult,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { query } from "../trpc.ts";

export const leaderboards = {
  top: query(
    {
      doc: "A board from the top.",
      role: "viewer",
      input: leaderboardTopInput,
      output: pageOf(placeResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.leaderboards.top({ ...input, ...options }),
  ),
  around: query(
    {
      doc: "A member with their neighbours on a board.",
      role: "viewer",
      input: z.strictObject({ userId: id, ...leaderboardAroundInput.shape }),
      output: listOf(placeResult),
      cost: 2,
    },
    ({ ws, input: { userId, ...input }, options }) =>
      ws.leaderboards.around(userId, { ...input, ...options }),
  ),
  rankOf: query(
    {
      doc: "A member's rank among all of a board.",
      role: "viewer",
      input: z.strictObject({ userId: id, ...leaderboardRankInput.shape }),
      output: rankResult,
    },
    ({ ws, input: { userId, ...input }, options }) =>
      ws.leaderboards.rankOf(userId, { ...input, ...options }),
  ),
} satisfies TRPCRouterRecord;
