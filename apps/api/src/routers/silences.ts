import {
  createdSilenceResult,
  createSilenceInput,
  listSilencesInput,
  pageOf,
  silenceResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { mutation, query } from "../trpc.ts";
import { editById } from "./inputs.ts";

export const silences = {
  create: mutation(
    {
      doc: "Silences the alerts that every matcher matches, until a moment.",
      role: "strategist",
      input: createSilenceInput,
      output: writtenOf(createdSilenceResult),
    },
    ({ ws, input, options }) => ws.silences.create(input, options),
  ),
  expire: mutation(
    {
      doc: "Ends a silence now; what is open and waited for its end is due.",
      role: "strategist",
      input: editById,
      output: writtenOf(silenceResult),
    },
    ({ ws, input, options }) =>
      ws.silences.expire(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  list: query(
    {
      doc: "Silences, newest first unless sorted otherwise.",
      role: "viewer",
      input: listSilencesInput,
      output: pageOf(silenceResult),
    },
    ({ ws, input, options }) => ws.silences.list({ ...input, ...options }),
  ),
} satisfies TRPCRouterRecord;
