import {
  assignInput,
  assignmentResult,
  listAssignmentsInput,
  pageOf,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { mutation, query } from "../trpc.ts";
import { byId, editById } from "./inputs.ts";

const written = writtenOf(assignmentResult);

export const assignments = {
  assign: mutation(
    {
      doc: "Sets an agent to work, for a campaign or the whole workspace.",
      role: "strategist",
      input: assignInput,
      output: written,
    },
    ({ ws, input, options }) => ws.assignments.assign(input, options),
  ),
  get: query(
    { doc: "One assignment.", role: "viewer", input: byId, output: assignmentResult },
    ({ ws, input, options }) => ws.assignments.get(input.id, options),
  ),
  list: query(
    {
      doc: "Assignments, newest first unless sorted otherwise.",
      role: "viewer",
      input: listAssignmentsInput,
      output: pageOf(assignmentResult),
    },
    ({ ws, input, options }) => ws.assignments.list({ ...input, ...options }),
  ),
  pause: mutation(
    {
      doc: "Nothing of it is claimed any more; what runs may finish.",
      role: "strategist",
      input: editById,
      output: written,
    },
    ({ ws, input, options }) =>
      ws.assignments.pause(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  resume: mutation(
    { doc: "Lets it go on.", role: "strategist", input: editById, output: written },
    ({ ws, input, options }) =>
      ws.assignments.resume(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  end: mutation(
    {
      doc: "Completes it: what waits is cancelled, what runs may finish.",
      role: "strategist",
      input: editById,
      output: written,
    },
    ({ ws, input, options }) =>
      ws.assignments.end(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
} satisfies TRPCRouterRecord;
