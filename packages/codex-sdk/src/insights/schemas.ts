import { z } from "zod";
import { day, id, instant, lengths, lines, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const insightTypes = ["opportunity", "threat", "trend", "gap", "pattern"] as const;
export const insightStatuses = ["draft", "active", "superseded", "retracted", "archived"] as const;

export const createInsightInput = z.strictObject({
  title: text(1, 300),
  type: z.enum(insightTypes),
  /** Signals that it rests on; one at least. */
  signalIds: z.array(id).min(1).max(200),
  description: text(0, lengths.prose).optional(),
  category: z.enum(["competitive", "market", "customer", "technology"]).optional(),
  conclusions: lines.optional(),
  implications: lines.optional(),
  actions: lines.optional(),
  /** What is at stake. */
  impact: text(0, lengths.prose).optional(),
  relevantFrom: day.optional(),
  relevantUntil: day.optional(),
});
export type CreateInsightInput = z.input<typeof createInsightInput>;

export const supersedeInput = z.strictObject({
  /** The insight that takes its place; active, and another. */
  byId: id,
});
export type SupersedeInput = z.input<typeof supersedeInput>;

export const retractInput = z.strictObject({ reason: text(1, lengths.line) });
export type RetractInput = z.input<typeof retractInput>;

export const evidenceInput = z.strictObject({ asOf: instant.optional() });
export type EvidenceInput = z.input<typeof evidenceInput>;

export const listInsightsInput = z.strictObject({
  ...pageInput,
  /** Only active ones, or only others. */
  active: z.boolean().optional(),
  /** Only active ones whose signals have decayed to less than half, or only others. */
  stale: z.boolean().optional(),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListInsightsInput = z.input<typeof listInsightsInput>;
