import {
  createInsightInput,
  evidenceInput,
  id,
  insightEvidenceResult,
  insightResult,
  listInsightsInput,
  pageOf,
  retractInput,
  supersedeInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

const written = writtenOf(insightResult);

export const insights = {
  create: mutation(
    {
      doc: "Makes a draft that rests on signals.",
      role: "analyst",
      input: createInsightInput,
      output: written,
    },
    ({ ws, input, options }) => ws.insights.create(input, options),
  ),
  get: query(
    { doc: "One insight.", role: "viewer", input: byId, output: insightResult },
    ({ ws, input, options }) => ws.insights.get(input.id, options),
  ),
  publish: mutation(
    {
      doc: "Publishes a draft, and freezes the scores of the signals that it rests on.",
      role: "analyst",
      input: editById,
      output: written,
    },
    ({ ws, input, options }) =>
      ws.insights.publish(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  supersede: mutation(
    {
      doc: "Lets another, active insight take its place.",
      role: "analyst",
      input: z.strictObject({ id, ...supersedeInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.insights.supersede(
        input.id,
        { byId: input.byId },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
  retract: mutation(
    {
      doc: "Takes it back, with a reason.",
      role: "analyst",
      input: z.strictObject({ id, ...retractInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.insights.retract(
        input.id,
        { reason: input.reason },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
  evidence: query(
    {
      doc: "What it rests on: as frozen when it was published, and at an instant.",
      role: "viewer",
      input: z.strictObject({ id, ...evidenceInput.shape }),
      output: insightEvidenceResult,
      cost: 2,
    },
    ({ ws, input: { id: target, ...input }, options }) =>
      ws.insights.evidence(target, { ...input, ...options }),
  ),
  list: query(
    {
      doc: "Insights, newest first unless sorted otherwise; only active or only stale ones, if asked.",
      role: "viewer",
      input: listInsightsInput,
      output: pageOf(insightResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.insights.list({ ...input, ...options }),
  ),
} satisfies TRPCRouterRecord;
