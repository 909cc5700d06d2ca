import { z } from "zod";
import { id, instant, jsonObject, lengths, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const executionStatuses = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "timed_out",
] as const;
export const executionStatus = z.enum(executionStatuses);

export const priorities = ["low", "normal", "high", "critical"] as const;
export const priority = z.enum(priorities);

export const startExecutionInput = z.strictObject({
  assignmentId: id,
  /** What the agent is given. */
  input: jsonObject.default({}),
  /** When the same is under way: start another, give that one, or refuse. */
  onConflict: z.enum(["enqueue", "use_existing", "reject"]).default("enqueue"),
  /** What "the same" is, within the assignment; the input unless given. */
  key: text(1, 200).optional(),
  /** That of the assignment unless given. */
  priority: priority.optional(),
  /** How often it may be claimed, 1 to 20; 3. */
  attemptsMax: z.int().min(1).max(20).optional(),
  /** Milliseconds that one attempt may take in all, up to a week; no limit unless given. */
  timeoutMs: z.int().min(1).max(604_800_000).optional(),
  /** Not to be claimed before; at once unless given. */
  availableAt: instant.optional(),
});
export type StartExecutionInput = z.input<typeof startExecutionInput>;

/** Name that a worker gives itself. */
export const instanceName = text(1, 200);

export const claimExecutionsInput = z.strictObject({
  agentId: id,
  /** How many at most, 1 to 100; 1. */
  max: z.int().min(1).max(100).default(1),
  /** Milliseconds that the lease holds without a heartbeat, up to a day; 30,000. */
  leaseMs: z.int().min(1).max(86_400_000).default(30_000),
  /** Name of the worker: it is given no more than the slots of its heartbeat. */
  instance: instanceName.optional(),
});
export type ClaimExecutionsInput = z.input<typeof claimExecutionsInput>;

/** Number of the lease, as `claim` gave it. */
export const fencingToken = z.int().min(1);

const used = z.int().min(0);

/** What one attempt used, up to 10^12 of each, which the database judges. */
export const usage = z
  .strictObject({
    inputTokens: used,
    outputTokens: used,
    /** Millionths of a US dollar. */
    costMicros: used,
  })
  .partial();

export const completeExecutionInput = z.strictObject({
  /** What came out. */
  output: jsonObject.default({}),
  /** What this attempt used; added to what earlier ones did. */
  usage: usage.default({}),
});
export type CompleteExecutionInput = z.input<typeof completeExecutionInput>;

export const failExecutionInput = z.strictObject({
  /** What went wrong. */
  error: text(1, lengths.prose),
  /** Whether another attempt may go better. */
  retryable: z.boolean().default(false),
  /** Milliseconds until that, up to a week; 1, 2, 4 … seconds, at most 5 minutes, unless given. */
  retryAfterMs: z.int().min(0).max(604_800_000).optional(),
  usage: usage.default({}),
});
export type FailExecutionInput = z.input<typeof failExecutionInput>;

export const cancelExecutionInput = z.strictObject({
  reason: text(1, lengths.line).optional(),
});
export type CancelExecutionInput = z.input<typeof cancelExecutionInput>;

export const listExecutionsInput = z.strictObject({
  ...pageInput,
  filter: z
    .strictObject({ assignmentId: id, agentId: id, status: executionStatus })
    .partial()
    .default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListExecutionsInput = z.input<typeof listExecutionsInput>;

export const reapExecutionsInput = z.strictObject({
  /** How many at most, 1 to 1,000; 100. */
  limit: z.int().min(1).max(1_000).default(100),
});
export type ReapExecutionsInput = z.input<typeof reapExecutionsInput>;

export const watchExecutionInput = z.strictObject({
  /** Milliseconds between two looks while nothing happens, 10 to 60,000. */
  pollMs: z.int().min(10).max(60_000).default(250),
});
export type WatchExecutionInput = z.input<typeof watchExecutionInput>;
