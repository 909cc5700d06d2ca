import {
  cancelExecutionInput,
  claimedExecutionResult,
  claimExecutionsInput,
  completeExecutionInput,
  executionResult,
  failExecutionInput,
  fencingToken,
  id,
  leaseResult,
  listExecutionsInput,
  listOf,
  pageOf,
  reapedExecutionResult,
  reapExecutionsInput,
  startedExecutionResult,
  startExecutionInput,
  writtenOf,
} from "@codex/sdk/schemas";
import { tracked } from "@trpc/server";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { base, inputParserOf, metaOf, mutation, query } from "../trpc.ts";
import { byId, expectedVersion } from "./inputs.ts";
import { position } from "./stream-input.ts";

const written = writtenOf(executionResult);
const held = { id, fencingToken };

/** What a stream of one execution is asked for by. */
export const watchInput = z.strictObject({ id, ...position });

const watched = {
  doc: "The execution as it is, then after each change, and last as it ended.",
  role: "viewer",
  input: watchInput,
  output: executionResult,
  cost: 5,
} as const;

export const executions = {
  start: mutation(
    {
      doc: "Queues a run of an assignment, or gives the same that is under way.",
      role: "creator",
      input: startExecutionInput,
      output: writtenOf(startedExecutionResult),
    },
    ({ ws, input, options }) => ws.executions.start(input, options),
  ),
  claim: mutation(
    {
      doc: "Takes queued executions for a worker of an agent, each with its fencing token.",
      role: "creator",
      input: claimExecutionsInput,
      output: listOf(claimedExecutionResult),
    },
    ({ ws, input, options }) => ws.executions.claim(input, options),
  ),
  heartbeat: mutation(
    {
      doc: "Extends the lease of a worker, and says whether it is asked to stop.",
      role: "creator",
      input: z.strictObject(held),
      output: leaseResult,
      cost: 1,
    },
    ({ ws, input, options }) => ws.executions.heartbeat(input.id, input.fencingToken, options),
  ),
  complete: mutation(
    {
      doc: "Ends an execution with what came out.",
      role: "creator",
      input: z.strictObject({ ...held, ...completeExecutionInput.shape }),
      output: written,
    },
    ({ ws, input: { id: execution, fencingToken: token, ...input }, options }) =>
      ws.executions.complete(execution, token, { ...input, ...options }),
  ),
  fail: mutation(
    {
      doc: "Ends an attempt that went wrong: queued again if it is retryable, else failed.",
      role: "creator",
      input: z.strictObject({ ...held, ...failExecutionInput.shape }),
      output: written,
    },
    ({ ws, input: { id: execution, fencingToken: token, ...input }, options }) =>
      ws.executions.fail(execution, token, { ...input, ...options }),
  ),
  cancel: mutation(
    {
      doc: "Cancels what is queued, and asks the worker of what runs to stop.",
      role: "creator",
      input: z.strictObject({ id, ...cancelExecutionInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input: { id: execution, ...input }, options }) =>
      ws.executions.cancel(execution, { ...input, ...options }),
  ),
  retry: mutation(
    {
      doc: "Queues what failed, timed out or was cancelled once more, as another execution.",
      role: "creator",
      input: byId,
      output: written,
    },
    ({ ws, input, options }) => ws.executions.retry(input.id, options),
  ),
  get: query(
    { doc: "One execution.", role: "viewer", input: byId, output: executionResult },
    ({ ws, input, options }) => ws.executions.get(input.id, options),
  ),
  list: query(
    {
      doc: "Executions, newest first unless sorted otherwise.",
      role: "viewer",
      input: listExecutionsInput,
      output: pageOf(executionResult),
    },
    ({ ws, input, options }) => ws.executions.list({ ...input, ...options }),
  ),
  reap: mutation(
    {
      doc: "Takes back what no worker speaks for any more, and tells what became of it.",
      role: "creator",
      input: reapExecutionsInput,
      output: listOf(reapedExecutionResult),
    },
    ({ ws, input, options }) => ws.executions.reap({ ...input, ...options }),
  ),
  // Over HTTP the hub wakes it (realtime/); this is the same for callers inside this process.
  watch: base
    .meta(metaOf(watched, "read"))
    .input(inputParserOf(watchInput))
    .subscription(async function* watch({ ctx, input, signal }) {
      const { role } = watched;
      const { workspace } = ctx.caller.member({ role, scope: "executions:read" });
      for await (const execution of workspace().executions.watch(input.id, { signal }))
        yield tracked(String(execution.version), executionResult.parse(execution));
    }),
} satisfies TRPCRouterRecord;
