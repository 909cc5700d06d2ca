import {
  campaignNodeResult,
  campaignResult,
  campaignRollupResult,
  campaignStatus,
  createCampaignInput,
  id,
  listCampaignsInput,
  listOf,
  moveCampaignInput,
  pageOf,
  updateCampaignInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { CreateCampaignInput } from "@codex/sdk";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { shownAs } from "../contract/shown-as.ts";
import { bodyOf } from "../errors.ts";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

const written = writtenOf(campaignResult);
const outcome = z.union([
  z.object({ ok: z.literal(true), value: campaignResult }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }),
  }),
]);

export const campaigns = {
  create: mutation(
    {
      doc: "Makes a draft.",
      role: "creator",
      input: createCampaignInput,
      output: written,
    },
    ({ ws, input, options }) => ws.campaigns.create(input, options),
  ),
  createMany: mutation(
    {
      doc: "Makes up to 1,000 drafts; the outcome of each stands at its place.",
      role: "creator",
      // Each is checked by itself, so that a bad one does not keep the others from being made.
      input: z.strictObject({
        campaigns: z.array(shownAs<CreateCampaignInput>(createCampaignInput)).min(1).max(1_000),
      }),
      output: listOf(outcome),
      cost: 20,
    },
    async ({ ws, input, options }) => {
      const outcomes = await ws.campaigns.createMany(input.campaigns, options);
      return outcomes.map((one) =>
        one.ok ? one : { ok: false as const, error: bodyOf(one.error, "") },
      );
    },
  ),
  get: query(
    { doc: "One campaign.", role: "viewer", input: byId, output: campaignResult },
    ({ ws, input, options }) => ws.campaigns.get(input.id, options),
  ),
  find: query(
    {
      doc: "One campaign, or null.",
      role: "viewer",
      input: byId,
      output: campaignResult.nullable(),
    },
    async ({ ws, input, options }) => (await ws.campaigns.find(input.id, options)) ?? null,
  ),
  list: query(
    {
      doc: "Campaigns, newest first unless sorted otherwise.",
      role: "viewer",
      input: listCampaignsInput,
      output: pageOf(campaignResult),
    },
    ({ ws, input, options }) => ws.campaigns.list({ ...input, ...options }),
  ),
  update: mutation(
    {
      doc: "Changes the fields given.",
      role: "creator",
      input: z.strictObject({ id, change: updateCampaignInput, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.campaigns.update(input.id, input.change, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  transition: mutation(
    {
      doc: "Moves it to another state; a refusal names those that can follow.",
      role: "creator",
      input: z.strictObject({ id, to: campaignStatus, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.campaigns.transition(input.id, input.to, {
        ...options,
        expectedVersion: input.expectedVersion,
      }),
  ),
  move: mutation(
    {
      doc: "Makes it a part of another campaign, or of none.",
      role: "creator",
      input: z.strictObject({ id, ...moveCampaignInput.shape, expectedVersion }),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.campaigns.move(
        input.id,
        { parentId: input.parentId },
        { ...options, expectedVersion: input.expectedVersion },
      ),
  ),
  tree: query(
    {
      doc: "The campaign with everything under it.",
      role: "viewer",
      input: byId,
      output: campaignNodeResult,
      cost: 2,
    },
    ({ ws, input, options }) => ws.campaigns.tree(input.id, options),
  ),
  rollup: query(
    {
      doc: "Progress, health, budget and audience of the campaign and everything under it.",
      role: "viewer",
      input: byId,
      output: campaignRollupResult,
      cost: 2,
    },
    ({ ws, input, options }) => ws.campaigns.rollup(input.id, options),
  ),
  archive: mutation(
    {
      doc: "Puts a completed campaign away; it stays readable.",
      role: "creator",
      input: editById,
      output: written,
    },
    ({ ws, input, options }) =>
      ws.campaigns.archive(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
} satisfies TRPCRouterRecord;
