import type { JsonObject } from "@codex/db";
import type { signalCategories, signalKinds, signalStatuses } from "./schemas.ts";

export type SignalKind = (typeof signalKinds)[number];
export type SignalCategory = (typeof signalCategories)[number];
export type SignalStatus = (typeof signalStatuses)[number];

/** A score set by hand, which wins over the decayed one while it holds. */
export interface SignalOverride {
  /** 0 to 100. */
  readonly score: number;
  readonly reason: string;
  /** From when on the decayed score counts again; null for never. */
  readonly until: Date | null;
  readonly since: Date;
}

/** One observation of the market. */
export interface Signal {
  readonly id: string;
  readonly kind: SignalKind;
  readonly category: SignalCategory;
  /** The source that brought it first. */
  readonly source: string | null;
  /** All that brought it, at most 100. */
  readonly sources: readonly string[];
  readonly externalId: string | null;
  readonly url: string | null;
  readonly title: string;
  readonly body: string;
  readonly keyFindings: readonly string[];
  readonly dataPoints: JsonObject;
  /** Base confidence at the last sighting, 0 to 100; what is left of it now is its score. */
  readonly confidence: number;
  readonly halfLifeHours: number;
  readonly relevance: number;
  readonly reliability: "A" | "B" | "C" | "D" | "E" | "F";
  readonly credibility: number;
  readonly sightingCount: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date | null;
  readonly status: SignalStatus;
  readonly override: SignalOverride | null;
  /** What was done about it. */
  readonly notes: string;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What became of an observation. */
export interface IngestedSignal {
  readonly signal: Signal;
  /**
   * created: nobody had seen it; merged: it was counted as a sighting of this one; suppressed: this one
   * was dismissed or purged, and stays as it is.
   */
  readonly outcome: "created" | "merged" | "suppressed";
}

/** Where a score comes from. */
export interface SignalScore {
  /** Base confidence, 0 to 100. */
  readonly base: number;
  /** What decay has left of it. */
  readonly decayed: number;
  /** The score that counts: the one set by hand while it holds, 0 once expired, else the decayed one. */
  readonly score: number;
  /** Hours. */
  readonly halfLife: number;
  /** Until when it counts for something: less than 1 is left then, or it expires; null for ever. */
  readonly validUntil: Date | null;
  readonly override: SignalOverride | null;
}

/** A signal and its score at the instant that was asked for. */
export interface ScoredSignal {
  readonly signal: Signal;
  /** 0 to 100. */
  readonly score: number;
}

/** A signal that was found, and why. */
export interface SignalHit extends ScoredSignal {
  /** Sentences: where the words stand, how often it was seen, where the score comes from. */
  readonly why: readonly string[];
}

/** Signals that say nearly the same. */
export interface SignalCluster {
  readonly head: Signal;
  /** Those linked to the head; similarity is that of the titles, 0 to 1, null when linked by hand. */
  readonly members: readonly { readonly signal: Signal; readonly similarity: number | null }[];
  /** Number of different sources among them all. */
  readonly sources: number;
}

/** What a signal is linked to. */
export interface SignalLink {
  readonly signalId: string;
  readonly kind: "competitor" | "cohort" | "campaign" | "cluster";
  readonly targetId: string;
  readonly similarity: number | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** Columns as the queries give them. */
export interface SignalRow extends Omit<Signal, "sightingCount" | "override"> {
  readonly sightingCount: string;
  readonly overrideScore: number | null;
  readonly overrideReason: string | null;
  readonly overrideUntil: Date | null;
  readonly overriddenAt: Date | null;
}

/** The only place where a row becomes a signal. */
export function toSignal(row: SignalRow): Signal {
  return {
    id: row.id,
    kind: row.kind,
    category: row.category,
    source: row.source,
    sources: row.sources,
    externalId: row.externalId,
    url: row.url,
    title: row.title,
    body: row.body,
    keyFindings: row.keyFindings,
    dataPoints: row.dataPoints,
    confidence: row.confidence,
    halfLifeHours: row.halfLifeHours,
    relevance: row.relevance,
    reliability: row.reliability,
    credibility: row.credibility,
    sightingCount: Number(row.sightingCount),
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    expiresAt: row.expiresAt,
    status: row.status,
    override: toOverride(row),
    notes: row.notes,
    createdBy: row.createdBy,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Null unless one was set by hand. */
export function toOverride({
  overrideScore,
  overrideReason,
  overrideUntil,
  overriddenAt,
}: Pick<
  SignalRow,
  "overrideScore" | "overrideReason" | "overrideUntil" | "overriddenAt"
>): SignalOverride | null {
  // The schema lets none of the three be there without the others.
  if (overrideScore === null || overrideReason === null || overriddenAt === null) return null;
  return {
    score: overrideScore,
    reason: overrideReason,
    until: overrideUntil,
    since: overriddenAt,
  };
}
