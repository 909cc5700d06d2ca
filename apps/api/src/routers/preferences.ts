import {
  deliveryPreviewResult,
  preferencesResult,
  previewInput,
  setPreferencesInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { mutation, query } from "../trpc.ts";
import { nothing } from "./inputs.ts";

export const preferences = {
  get: query(
    {
      doc: "How whoever calls wants to be told of what, and when.",
      role: "viewer",
      input: nothing,
      output: preferencesResult,
    },
    ({ ws, options }) => ws.preferences.get(options),
  ),
  set: mutation(
    {
      doc: "Sets what is given of time zone, quiet hours, channels and digest; leaves the rest.",
      role: "viewer",
      input: setPreferencesInput,
      output: writtenOf(preferencesResult),
    },
    ({ ws, input, options }) => ws.preferences.set(input, options),
  ),
  preview: query(
    {
      doc: "When and by which channels something of a category would reach whoever calls.",
      role: "viewer",
      input: previewInput,
      output: deliveryPreviewResult,
    },
    ({ ws, input, options }) => ws.preferences.preview(input, options),
  ),
} satisfies TRPCRouterRecord;
