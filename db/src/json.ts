/** Any value that a jsonb column may hold, as pg gives it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object in a jsonb column. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** One claim of a message, with its proof; checked by `codex.are_pillars`. */
export interface Pillar {
  readonly claim: string;
  readonly proofPoints: readonly { readonly text: string; readonly source: string }[];
}

/** When an achievement is earned; checked by `codex.is_criteria`. */
export type AchievementCriteria =
  | { readonly kind: "manual" }
  | { readonly kind: "threshold"; readonly metric: string; readonly threshold: number };

/** A signal as it stood when an insight was published; checked by `codex.is_evidence`. */
export interface EvidenceItem {
  readonly signalId: string;
  /** 0 to 100. */
  readonly confidence: number;
}

/** Shares by name, 0 to 1, that sum to 1 or are empty; checked by `codex.sums_to_one`. */
export type Shares = Readonly<Record<string, number>>;
