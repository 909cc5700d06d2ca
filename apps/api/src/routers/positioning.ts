import {
  createPositioningInput,
  forkPositioningInput,
  id,
  listOf,
  listPositioningsInput,
  pageOf,
  positioningCheckResult,
  positioningResult,
  publishedPositioningResult,
  updatePositioningInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

const written = writtenOf(positioningResult);

export const positioning = {
  create: mutation(
    {
      doc: "Makes a draft, the next revision of its segment.",
      role: "strategist",
      input: createPositioningInput,
      output: written,
    },
    ({ ws, input, options }) => ws.positioning.create(input, options),
  ),
  update: mutation(
    {
      doc: "Changes a draft.",
      role: "strategist",
      input: z.strictObject({ id, change: updatePositioningInput, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.positioning.update(input.id, input.change, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  fork: mutation(
    {
      doc: "Makes a draft out of any positioning, for the same segment or another.",
      role: "strategist",
      input: z.strictObject({ id, ...forkPositioningInput.shape }),
      output: written,
    },
    ({ ws, input: { id: original, ...input }, options }) =>
      ws.positioning.fork(original, input, options),
  ),
  check: query(
    {
      doc: "Which of the five components are missing.",
      role: "viewer",
      input: byId,
      output: positioningCheckResult,
    },
    ({ ws, input, options }) => ws.positioning.check(input.id, options),
  ),
  publish: mutation(
    {
      doc: "Makes a draft the active positioning of its segment; the one before is superseded.",
      role: "strategist",
      input: editById,
      output: writtenOf(publishedPositioningResult),
    },
    ({ ws, input, options }) =>
      ws.positioning.publish(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  retract: mutation(
    {
      doc: "Takes a draft or the active one back for good.",
      role: "strategist",
      input: editById,
      output: written,
    },
    ({ ws, input, options }) =>
      ws.positioning.retract(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  get: query(
    { doc: "One positioning.", role: "viewer", input: byId, output: positioningResult },
    ({ ws, input, options }) => ws.positioning.get(input.id, options),
  ),
  list: query(
    {
      doc: "Positionings, newest first unless sorted otherwise.",
      role: "viewer",
      input: listPositioningsInput,
      output: pageOf(positioningResult),
    },
    ({ ws, input, options }) => ws.positioning.list({ ...input, ...options }),
  ),
  history: query(
    {
      doc: "All revisions of a segment, the newest first.",
      role: "viewer",
      input: z.strictObject({ segment: z.string().min(1).max(100) }),
      output: listOf(positioningResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.positioning.history(input.segment, options),
  ),
} satisfies TRPCRouterRecord;
