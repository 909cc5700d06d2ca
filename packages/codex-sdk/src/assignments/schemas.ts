import { z } from "zod";
import { priority } from "../executions/schemas.ts";
import { id, jsonObject } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const assignmentStatuses = ["active", "paused", "completed", "failed", "archived"] as const;
export const assignmentStatus = z.enum(assignmentStatuses);

export const assignInput = z.strictObject({
  agentId: id,
  /** Campaign it works for; the whole workspace unless given. */
  campaignId: id.optional(),
  /** How urgent its executions are unless they say so themselves; normal. */
  priority: priority.optional(),
  /** Executions at the same time, 1 to 1,000; 1. */
  maxConcurrency: z.int().min(1).max(1_000).optional(),
  /** Settings of the work. */
  config: jsonObject.optional(),
});
export type AssignInput = z.input<typeof assignInput>;

export const listAssignmentsInput = z.strictObject({
  ...pageInput,
  filter: z
    .strictObject({ agentId: id, campaignId: id.nullable(), status: assignmentStatus })
    .partial()
    .default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListAssignmentsInput = z.input<typeof listAssignmentsInput>;
