import { edited, holdVersion, look, only, versionOf } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  createInsight,
  endInsight,
  evidenceOf,
  freshnessOf,
  getInsight,
  listInsights,
  publishInsight,
} from "./queries.ts";
import type { EvidenceRow, InsightEnd } from "./queries.ts";
import {
  createInsightInput,
  evidenceInput,
  listInsightsInput,
  retractInput,
  supersedeInput,
} from "./schemas.ts";
import type {
  CreateInsightInput,
  EvidenceInput,
  ListInsightsInput,
  RetractInput,
  SupersedeInput,
  insightStatuses,
  insightTypes,
} from "./schemas.ts";

export type InsightType = (typeof insightTypes)[number];
export type InsightStatus = (typeof insightStatuses)[number];

/** A conclusion from signals. */
export interface Insight {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: InsightType;
  readonly category: "competitive" | "market" | "customer" | "technology";
  readonly conclusions: readonly string[];
  readonly implications: readonly string[];
  readonly actions: readonly string[];
  /** What is at stake. */
  readonly impact: string;
  /** When it was published, 0 to 100: 1 − Π(1 − cᵢ) over independent sources; 0 in a draft. */
  readonly confidence: number;
  readonly confidenceLevel: "low" | "medium" | "high";
  readonly signalCount: number;
  readonly relevantFrom: string | null;
  readonly relevantUntil: string | null;
  readonly status: InsightStatus;
  /** Active, and its signals are worth less than half of what they were when it was published. */
  readonly stale: boolean;
  readonly supersededById: string | null;
  readonly retractionReason: string;
  readonly publishedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an insight rests on, then and now. */
export interface InsightEvidence {
  /** Scores as they were frozen; empty in a draft. */
  readonly atPublish: readonly { readonly signalId: string; readonly score: number }[];
  /** The same signals at the instant that was asked for; a dismissed one counts 0. */
  readonly now: readonly {
    readonly signalId: string;
    readonly title: string;
    readonly status: EvidenceRow["status"];
    readonly score: number;
  }[];
  /** Confidence now against that at publication, 0 to 1; null in a draft. */
  readonly freshness: number | null;
}

const entity = "insight";
const table = "market_insights";

/** Insights of a workspace. Written by analysts and above. */
export class InsightClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Makes a draft that rests on signals. Throws InvalidInput, Forbidden, and NotFound for an unknown signal. */
  async create(input: CreateInsightInput, options: WriteOptions = {}): Promise<Written<Insight>> {
    const parsed = parse(createInsightInput, input);
    const id = newId();
    return this.#ws.write(
      {
        operation: { name: "insights.create", table },
        queries: [createInsight(this.#ws, id, parsed), getInsight(this.#ws, id)],
        input,
        settle: ([, rows]) => only(rows, entity),
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Insight> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "insights.get", table },
        queries: [getInsight(this.#ws, target)],
        settle: ([rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Publishes a draft: freezes the score of each signal and takes the confidence from them. Throws
   * IllegalTransition, NotFound, StaleVersion, Forbidden, and Conflict when a signal is dismissed, archived or
   * expired.
   */
  async publish(id: string, options: EditOptions = {}): Promise<Written<Insight>> {
    const target = parse(idInput, id);
    return this.#ws.write(
      {
        operation: { name: "insights.publish", table },
        holds: holdVersion(this.#ws, { table, id: target }, options),
        queries: [publishInsight(this.#ws, target), getInsight(this.#ws, target)],
        input: target,
        settle: ([, rows]) => only(rows, entity),
      },
      options,
    );
  }

  /**
   * Lets another, active insight take its place. Throws InvalidInput, IllegalTransition, Conflict, NotFound,
   * StaleVersion, Forbidden.
   */
  async supersede(
    id: string,
    input: SupersedeInput,
    options: EditOptions = {},
  ): Promise<Written<Insight>> {
    const { byId } = parse(supersedeInput, input);
    return this.#end(id, { to: "superseded", byId }, options);
  }

  /**
   * Takes it back, with a reason. Throws InvalidInput, IllegalTransition, NotFound, StaleVersion, Forbidden.
   */
  async retract(
    id: string,
    input: RetractInput,
    options: EditOptions = {},
  ): Promise<Written<Insight>> {
    const { reason } = parse(retractInput, input);
    return this.#end(id, { to: "retracted", reason }, options);
  }

  /**
   * What it rests on: as frozen when it was published, and now or at another instant. Throws InvalidInput,
   * NotFound.
   */
  async evidence(id: string, options: EvidenceInput & CallOptions = {}): Promise<InsightEvidence> {
    const { signal, timeoutMs, ...input } = options;
    const target = parse(idInput, id);
    const { asOf } = parse(evidenceInput, input);
    return this.#ws.read(
      {
        operation: { name: "insights.evidence", table: "insight_evidence" },
        queries: [freshnessOf(this.#ws, target, asOf), evidenceOf(this.#ws, target, asOf)],
        settle: ([found, rows]) => {
          const { status, freshness } = only(found, entity);
          const isDraft = status === "draft" || freshness === null;
          return { ...toEvidence(rows), freshness: isDraft ? null : Number(freshness) };
        },
      },
      { signal, timeoutMs },
    );
  }

  /** Insights, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListInsightsInput & CallOptions = {}): List<Insight> {
    const { signal, timeoutMs, ...input } = options;
    const { first, after, sort, ...filter } = parse(listInsightsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "insights.list", table },
        cursor: { name: "insights", filter, sort },
        page: { first, after },
        query: (asked) => listInsights(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...insight }) => insight,
      },
      { signal, timeoutMs },
    );
  }

  async #end(id: string, end: InsightEnd, options: EditOptions): Promise<Written<Insight>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    const name = end.to === "superseded" ? "insights.supersede" : "insights.retract";
    return this.#ws.write(
      {
        operation: { name, table },
        queries: [
          endInsight(this.#ws, target, { ...end, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: [target, end],
        settle: ([rows, found]) => edited(rows, found, { entity, expectedVersion }),
      },
      options,
    );
  }
}

function toEvidence(rows: readonly EvidenceRow[]): Omit<InsightEvidence, "freshness"> {
  return {
    atPublish: rows.flatMap(({ signalId, scoreThen }) =>
      scoreThen === null ? [] : [{ signalId, score: Number(scoreThen) }],
    ),
    now: rows.map(({ signalId, title, status, scoreNow }) => ({
      signalId,
      title,
      status,
      score: Number(scoreNow),
    })),
  };
}
