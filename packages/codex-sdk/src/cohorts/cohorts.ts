import type { JsonObject } from "@codex/db";
import { asOfAny } from "../builder.ts";
import { edited, only, versionOf } from "../edit.ts";
import { notFound } from "../errors.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  attachCohort,
  changeAttached,
  createCohort,
  detachCohort,
  getCohort,
  holdShares,
  listCohorts,
  lookAtAttached,
  overlapOf,
  recordReach,
} from "./queries.ts";
import {
  attachCohortInput,
  createCohortInput,
  listCohortsInput,
  overlapInput,
  recordReachInput,
} from "./schemas.ts";
import type {
  AttachCohortInput,
  CreateCohortInput,
  ListCohortsInput,
  RecordReachInput,
} from "./schemas.ts";

/** A segment of customers. */
export interface Cohort {
  readonly id: string;
  readonly name: string;
  readonly executiveSummary: string;
  readonly demographics: JsonObject;
  readonly psychographics: JsonObject;
  readonly painPoints: readonly string[];
  readonly goals: readonly string[];
  readonly behavioralTriggers: readonly string[];
  readonly communication: JsonObject;
  readonly tags: readonly string[];
  /** 0 to 100; null before it was rated. */
  readonly healthScore: number | null;
  /** People, as far as known. */
  readonly sizeEstimate: number | null;
  readonly archivedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A cohort that a campaign is aimed at. */
export interface CampaignCohort {
  readonly campaignId: string;
  readonly cohortId: string;
  /** Share of the campaign, 0 to 100. */
  readonly allocation: number;
  /** People to be reached; null when not set. */
  readonly target: number | null;
  /** People reached so far. */
  readonly reached: number;
  /** Of those, people converted. */
  readonly converted: number;
  readonly version: number;
  readonly updatedAt: Date;
}

/** What two cohorts have in common. Cohorts list no people, so people cannot be compared. */
export interface CohortOverlap {
  readonly one: string;
  readonly other: string;
  /** Campaigns that are aimed at both. */
  readonly campaigns: number;
  readonly tags: readonly string[];
}

/** Columns as the queries give them. */
export interface CohortRow extends Omit<Cohort, "sizeEstimate"> {
  readonly sizeEstimate: string | null;
}
export interface CampaignCohortRow extends Omit<
  CampaignCohort,
  "target" | "reached" | "converted"
> {
  readonly target: string | null;
  readonly reached: string;
  readonly converted: string;
}

const entity = "cohort";
const table = "cohorts";
const linkEntity = "cohort of the campaign";
const linkTable = "campaign_cohorts";

/** Cohorts of a workspace, and the campaigns aimed at them. Written by creators and above. */
export class CohortClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /** Throws InvalidInput, Forbidden, and Conflict when the plan allows no more. */
  async create(input: CreateCohortInput, options: WriteOptions = {}): Promise<Written<Cohort>> {
    const parsed = parse(createCohortInput, input);
    return this.#ws.write(
      {
        operation: { name: "cohorts.create", table },
        queries: [createCohort(this.#ws, { id: newId(), ...parsed })],
        input,
        settle: ([rows]) => toCohort(only(rows, entity)),
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Cohort> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "cohorts.get", table },
        queries: [getCohort(this.#ws, target)],
        settle: ([rows]) => toCohort(only(rows, entity)),
      },
      options,
    );
  }

  /** Cohorts, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListCohortsInput & CallOptions = {}): List<Cohort> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listCohortsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "cohorts.list", table },
        cursor: { name: "cohorts", filter, sort },
        page,
        query: (asked) => listCohorts(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toCohort(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Aims a campaign at a cohort; a second time changes the share and the target. With a version only that: no link
   * is made. Throws InvalidInput, InvalidReference, NotFound, StaleVersion, Forbidden, and Conflict when the shares
   * would sum to more than 100.
   */
  async attach(
    campaignId: string,
    cohortId: string,
    input: AttachCohortInput & EditOptions,
  ): Promise<Written<CampaignCohort>> {
    const { signal, timeoutMs, idempotencyKey, expectedVersion: expected, ...fields } = input;
    const expectedVersion = versionOf(expected);
    const { allocation, target } = parse(attachCohortInput, fields);
    const link = { campaignId: parse(idInput, campaignId), cohortId: parse(idInput, cohortId) };
    const isNew = expectedVersion === undefined;
    return this.#ws.write(
      {
        operation: { name: "cohorts.attach", table: linkTable },
        holds: isNew ? [] : [holdShares(this.#ws, link.campaignId)],
        queries: [
          isNew
            ? attachCohort(this.#ws, { ...link, allocation, target })
            : changeAttached(this.#ws, link, { allocation, target, expectedVersion }),
          lookAtAttached(this.#ws, link.campaignId, link.cohortId),
        ],
        input: [link, fields],
        settle: ([rows, found]) =>
          toCampaignCohort(edited(rows, found, { entity: linkEntity, expectedVersion })),
      },
      { signal, timeoutMs, idempotencyKey, expectedVersion },
    );
  }

  /** Gives the link as it was. Throws NotFound, StaleVersion, Forbidden. */
  async detach(
    campaignId: string,
    cohortId: string,
    options: EditOptions = {},
  ): Promise<Written<CampaignCohort>> {
    const campaign = parse(idInput, campaignId);
    const cohort = parse(idInput, cohortId);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: "cohorts.detach", table: linkTable },
        // The change stands second, as in results that were stored while nothing followed it.
        queries: [
          lookAtAttached(this.#ws, campaign, cohort),
          detachCohort(this.#ws, { campaignId: campaign, cohortId: cohort }, expectedVersion),
          lookAtAttached(this.#ws, campaign, cohort),
        ],
        input: [campaign, cohort],
        settle: ([, rows, found]) =>
          toCampaignCohort(edited(rows, found, { entity: linkEntity, expectedVersion })),
      },
      options,
    );
  }

  /**
   * Adds people reached and converted to what was counted before. It is no edit: the version stays.
   * Throws NotFound, StaleVersion, Forbidden, and InvalidInput when more were converted than reached, or 10^12
   * reached.
   */
  async recordReach(
    campaignId: string,
    cohortId: string,
    input: RecordReachInput & EditOptions,
  ): Promise<Written<CampaignCohort>> {
    const { signal, timeoutMs, idempotencyKey, expectedVersion: expected, ...fields } = input;
    const expectedVersion = versionOf(expected);
    const more = parse(recordReachInput, fields);
    const link = { campaignId: parse(idInput, campaignId), cohortId: parse(idInput, cohortId) };
    return this.#ws.write(
      {
        operation: { name: "cohorts.recordReach", table: linkTable },
        queries: [
          recordReach(this.#ws, link, { ...more, expectedVersion }),
          lookAtAttached(this.#ws, link.campaignId, link.cohortId),
        ],
        input: [link, more],
        settle: ([rows, found]) =>
          toCampaignCohort(edited(rows, found, { entity: linkEntity, expectedVersion })),
      },
      { signal, timeoutMs, idempotencyKey, expectedVersion },
    );
  }

  /**
   * What each two of 2 to 50 cohorts have in common: campaigns and tags. Throws NotFound, and InvalidInput also where
   * one is named twice.
   */
  async overlap(
    ids: readonly string[],
    options: CallOptions = {},
  ): Promise<readonly CohortOverlap[]> {
    const chosen = parse(overlapInput, ids);
    return this.#ws.read(
      {
        operation: { name: "cohorts.overlap", table },
        holds: [asOfAny],
        queries: [overlapOf(this.#ws, chosen)],
        settle: ([rows]) => {
          if (rows.length !== (chosen.length * (chosen.length - 1)) / 2) throw notFound(entity);
          return rows;
        },
      },
      options,
    );
  }
}

/** The only place where a row becomes a cohort. */
function toCohort({ sizeEstimate, ...row }: CohortRow): Cohort {
  return { ...row, sizeEstimate: sizeEstimate === null ? null : Number(sizeEstimate) };
}

/** The only place where a row becomes a cohort of a campaign. */
function toCampaignCohort({
  target,
  reached,
  converted,
  ...row
}: CampaignCohortRow): CampaignCohort {
  return {
    ...row,
    target: target === null ? null : Number(target),
    reached: Number(reached),
    converted: Number(converted),
  };
}
