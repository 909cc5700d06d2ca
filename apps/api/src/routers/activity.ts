import {
  activityRuleInput,
  activityRuleResult,
  listOf,
  recordActivityInput,
  recordedActivityResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { expectedVersion, nothing } from "./inputs.ts";

export const activity = {
  record: mutation(
    {
      doc: "Records what a member did: points, streak, and the achievements it reaches.",
      role: "creator",
      input: recordActivityInput,
      output: writtenOf(recordedActivityResult),
    },
    ({ ws, input, options }) => ws.activity.record(input, options),
  ),
  rules: query(
    {
      doc: "How many points each activity gives, where the workspace says so itself.",
      role: "viewer",
      input: nothing,
      output: listOf(activityRuleResult),
    },
    ({ ws, options }) => ws.activity.rules(options),
  ),
  setRule: mutation(
    {
      doc: "Says how many points an activity gives from now on.",
      role: "strategist",
      input: z.strictObject({ ...activityRuleInput.shape, expectedVersion }),
      output: writtenOf(activityRuleResult),
    },
    ({ ws, input: { expectedVersion: version, ...rule }, options }) =>
      ws.activity.setRule(rule, { ...options, expectedVersion: version }),
  ),
} satisfies TRPCRouterRecord;
