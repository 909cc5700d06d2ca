import {
  attachCohortInput,
  campaignCohortResult,
  cohortOverlapResult,
  cohortResult,
  createCohortInput,
  id,
  listCohortsInput,
  listOf,
  overlapInput,
  pageOf,
  recordReachInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, expectedVersion } from "./inputs.ts";

const link = { campaignId: id, cohortId: id };
const writtenLink = writtenOf(campaignCohortResult);

export const cohorts = {
  create: mutation(
    {
      doc: "Makes a cohort, as far as the plan allows more.",
      role: "creator",
      input: createCohortInput,
      output: writtenOf(cohortResult),
    },
    ({ ws, input, options }) => ws.cohorts.create(input, options),
  ),
  get: query(
    { doc: "One cohort.", role: "viewer", input: byId, output: cohortResult },
    ({ ws, input, options }) => ws.cohorts.get(input.id, options),
  ),
  list: query(
    {
      doc: "Cohorts, newest first unless sorted otherwise.",
      role: "viewer",
      input: listCohortsInput,
      output: pageOf(cohortResult),
    },
    ({ ws, input, options }) => ws.cohorts.list({ ...input, ...options }),
  ),
  attach: mutation(
    {
      doc: "Aims a campaign at a cohort; a second time changes the share and the target.",
      role: "creator",
      input: z.strictObject({ ...link, ...attachCohortInput.shape, expectedVersion }),
      output: writtenLink,
    },
    ({ ws, input: { campaignId, cohortId, ...input }, options }) =>
      ws.cohorts.attach(campaignId, cohortId, { ...input, ...options }),
  ),
  detach: mutation(
    {
      doc: "Aims a campaign no longer at a cohort; gives the link as it was.",
      role: "creator",
      input: z.strictObject({ ...link, expectedVersion }),
      output: writtenLink,
    },
    ({ ws, input, options }) =>
      ws.cohorts.detach(input.campaignId, input.cohortId, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  recordReach: mutation(
    {
      doc: "Adds people reached and converted to what was counted before.",
      role: "creator",
      input: z.strictObject({ ...link, ...recordReachInput.shape, expectedVersion }),
      output: writtenLink,
    },
    ({ ws, input: { campaignId, cohortId, ...input }, options }) =>
      ws.cohorts.recordReach(campaignId, cohortId, { ...input, ...options }),
  ),
  overlap: query(
    {
      doc: "What each two of 2 to 50 cohorts have in common.",
      role: "viewer",
      input: z.strictObject({ ids: overlapInput }),
      output: listOf(cohortOverlapResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.cohorts.overlap(input.ids, options),
  ),
} satisfies TRPCRouterRecord;
