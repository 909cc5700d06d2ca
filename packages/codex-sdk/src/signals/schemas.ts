import { z } from "zod";
import {
  anyText,
  id,
  instant,
  isOfNobody,
  jsonObject,
  lengths,
  lines,
  namesSomebody,
  text,
} from "../input.ts";
import { pageInput } from "../page-input.ts";

export const signalKinds = ["competitor", "market", "trend", "industry", "customer"] as const;
export const signalCategories = [
  "competitor_activity",
  "market_trend",
  "industry_news",
  "customer_sentiment",
  "technology_shift",
] as const;
export const signalStatuses = ["new", "acknowledged", "actioned", "archived", "dismissed"] as const;

const score = z.int().min(0).max(100);
const source = text(1, lengths.name);

const observation = z.strictObject({
  /** Where it was read: newsapi, linkedin, internal … */
  source: source.optional(),
  /** What the source itself calls it; needs a source. */
  externalId: text(1, lengths.line).optional(),
  /** Of the web, by http or https. */
  url: text(1, 2_000)
    .regex(/^https?:\/\//u, { error: "is no address of the web", abort: true })
    .refine((url) => URL.canParse(url), { error: "is no whole address" })
    .refine(isOfNobody, namesSomebody)
    .optional(),
  title: text(1, 300),
  body: text(0, lengths.prose).optional(),
  kind: z.enum(signalKinds),
  /** Left out: the one that fits the kind. */
  category: z.enum(signalCategories).optional(),
  /** When it was seen; now, if left out. Not in the future. */
  occurredAt: instant.optional(),
  /** Base confidence, 0 to 100; left out, what reliability and credibility amount to. */
  confidence: score.optional(),
  /** Reliability of the source, A to F, after the Admiralty code. */
  reliability: z.enum(["A", "B", "C", "D", "E", "F"]).optional(),
  /** Credibility of the content, 1 to 6, after the Admiralty code. */
  credibility: z.int().min(1).max(6).optional(),
  /** Hours in which the confidence halves; 168 if left out. */
  halfLifeHours: z.int().min(1).max(87_600).optional(),
  relevance: score.optional(),
  /** From when on it no longer counts; after it was seen. */
  expiresAt: instant.optional(),
  keyFindings: lines.optional(),
  dataPoints: jsonObject.optional(),
});

/** What one source calls 1 is not what another does: without the source they would be the same. */
export const ingestInput: typeof observation = observation.refine(
  ({ source: from, externalId }) => externalId === undefined || from !== undefined,
  { path: ["externalId"], error: "needs a source" },
);
export type IngestInput = z.input<typeof ingestInput>;

export const sightInput = z.strictObject({
  source: source.optional(),
  /** When it was seen; now, if left out. */
  at: instant.optional(),
});
export type SightInput = z.input<typeof sightInput>;

export const signalStatus = z.enum(signalStatuses);

export const transitionSignalInput = z.strictObject({
  /** Kept as what was done about it. */
  reason: text(1, lengths.line).optional(),
});
export type TransitionSignalInput = z.input<typeof transitionSignalInput>;

export const overrideInput = z
  .strictObject({
    score,
    /** From when on the decayed score counts again; never, if left out. */
    until: instant.optional(),
    reason: text(1, lengths.line),
  })
  .nullable();
export type OverrideInput = z.input<typeof overrideInput>;

export const searchSignalsInput = z.strictObject({
  ...pageInput,
  /** In mode text as typed into a search box: words, "a phrase", or, -not. */
  q: anyText(1, 500),
  /** text finds words in title and body in any form; fuzzy lets each word differ by a letter or go on. */
  mode: z.enum(["text", "fuzzy"]).default("text"),
  minScore: z.number().min(0).max(100).default(0),
  asOf: instant.optional(),
});
export type SearchSignalsInput = z.input<typeof searchSignalsInput>;

export const topSignalsInput = z.strictObject({
  ...pageInput,
  kind: z.enum(signalKinds).optional(),
  asOf: instant.optional(),
});
export type TopSignalsInput = z.input<typeof topSignalsInput>;

export const scoreInput = z.strictObject({ asOf: instant.optional() });
export type ScoreInput = z.input<typeof scoreInput>;

/** What a signal is about, or the signal that it says nearly the same as: exactly one of them. */
export const linkSignalInput = z.union(
  [
    z.strictObject({ competitorId: id }),
    z.strictObject({ cohortId: id }),
    z.strictObject({ campaignId: id }),
    z.strictObject({ headId: id }),
  ],
  { error: "takes one id: competitorId, cohortId, campaignId or headId" },
);
export type LinkSignalInput = z.input<typeof linkSignalInput>;
