import type { JsonObject } from "@codex/db";
import type { executionStatuses, priorities } from "./schemas.ts";

/** Where an execution stands. */
export type ExecutionStatus = (typeof executionStatuses)[number];

/** How urgent something is. */
export type Priority = (typeof priorities)[number];

/** What a run used. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar. */
  readonly costMicros: number;
}

/** One run of an assignment. */
export interface Execution {
  readonly id: string;
  readonly assignmentId: string;
  readonly agentId: string;
  readonly status: ExecutionStatus;
  readonly priority: Priority;
  readonly input: JsonObject;
  /** Null unless it succeeded. */
  readonly output: JsonObject | null;
  /** What went wrong last. */
  readonly error: string | null;
  /** How often it was claimed. */
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly availableAt: Date;
  readonly timeoutMs: number | null;
  /** Worker that has it, or had it last. */
  readonly instance: string | null;
  /** Until when its worker has it without a heartbeat; null unless it runs. */
  readonly leaseExpiresAt: Date | null;
  readonly heartbeatAt: Date | null;
  /** When its worker was asked to stop. */
  readonly cancelRequestedAt: Date | null;
  readonly cancelReason: string | null;
  /** Of all attempts. */
  readonly usage: Usage;
  /** When the last attempt began. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Execution that it does again. */
  readonly retryOfId: string | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An execution that a worker was given, with what it shows for every write. */
export interface ClaimedExecution {
  readonly execution: Execution;
  readonly fencingToken: number;
}

/** What a worker is told for a heartbeat. */
export interface Lease {
  readonly expiresAt: Date;
  /** Whether it is asked to stop; the lease is not extended then. */
  readonly cancelRequested: boolean;
}

/** What became of an execution that fell silent. */
export interface ReapedExecution {
  readonly id: string;
  readonly status: ExecutionStatus;
}

/** Columns as the queries give them. */
export interface ExecutionRow extends Omit<Execution, "usage" | "timeoutMs"> {
  readonly timeoutMs: string | null;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly costMicros: string;
}

const over: ReadonlySet<ExecutionStatus> = new Set([
  "succeeded",
  "failed",
  "cancelled",
  "timed_out",
]);

/** Whether it has ended, and so no longer changes. */
export function isOver({ status }: Pick<Execution, "status">): boolean {
  return over.has(status);
}

/** The only place where a row becomes an execution. */
export function toExecution({
  timeoutMs,
  inputTokens,
  outputTokens,
  costMicros,
  ...row
}: ExecutionRow): Execution {
  return {
    ...row,
    timeoutMs: timeoutMs === null ? null : Number(timeoutMs),
    usage: {
      inputTokens: Number(inputTokens),
      outputTokens: Number(outputTokens),
      costMicros: Number(costMicros),
    },
  };
}
