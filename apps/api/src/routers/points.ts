import {
  adjustPointsInput,
  adjustedPointsResult,
  id,
  pageOf,
  pointsDelta,
  pointsEntryResult,
  pointsHistoryInput,
  reconciliationResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { nothing } from "./inputs.ts";

export const points = {
  adjust: mutation(
    {
      doc: "Gives points to another member by hand, or takes some that they have.",
      role: "strategist",
      input: z.strictObject({ userId: id, delta: pointsDelta, ...adjustPointsInput.shape }),
      output: writtenOf(adjustedPointsResult),
    },
    ({ ws, input: { userId, delta, ...input }, options }) =>
      ws.points.adjust(userId, delta, { ...input, ...options }),
  ),
  history: query(
    {
      doc: "What gave or took points of a member: one's own, or as a strategist another's.",
      role: "viewer",
      input: z.strictObject({ userId: id, ...pointsHistoryInput.shape }),
      output: pageOf(pointsEntryResult),
    },
    ({ ws, input: { userId, ...input }, options }) =>
      ws.points.history(userId, { ...input, ...options }),
  ),
  reconcile: query(
    {
      doc: "Compares every figure and board of the workspace with the ledger.",
      role: "owner",
      input: nothing,
      output: reconciliationResult,
      cost: 20,
    },
    ({ ws, options }) => ws.points.reconcile(options),
  ),
} satisfies TRPCRouterRecord;
