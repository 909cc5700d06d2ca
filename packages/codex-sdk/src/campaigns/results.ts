import { z } from "zod";
import { instantJson, listOf, moneyJson } from "../result.ts";
import type { CampaignNode } from "./campaign.ts";
import { campaignObjectives, campaignStatus } from "./schemas.ts";

export const campaignResult = z
  .object({
    id: z.guid(),
    parentId: z.guid().nullable(),
    name: z.string(),
    description: z.string(),
    objective: z.enum(campaignObjectives),
    status: campaignStatus,
    positioningId: z.guid().nullable(),
    messageId: z.guid().nullable(),
    ownerId: z.guid().nullable(),
    targetSegments: listOf(z.string()),
    targetGeographies: listOf(z.string()),
    startDate: z.iso.date().nullable(),
    endDate: z.iso.date().nullable(),
    budget: moneyJson,
    activatedAt: instantJson.nullable(),
    endedAt: instantJson.nullable(),
    archivedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Campaign", description: "A planned push to one or more cohorts." });

type CampaignNodeJson = z.output<typeof campaignResult> & { children: CampaignNodeJson[] };

export const campaignNodeResult: z.ZodType<CampaignNodeJson, CampaignNode> = z
  .lazy(() => campaignResult.extend({ children: listOf(campaignNodeResult) }))
  .meta({ id: "CampaignNode", description: "A campaign with its parts." });

export const campaignRollupResult = z
  .object({
    progress: z.number(),
    health: z.enum(["not_started", "on_track", "at_risk", "off_track", "done"]),
    quests: z.object({
      total: z.int(),
      completed: z.int(),
      blocked: z.int(),
      skipped: z.int(),
      overdue: z.int(),
    }),
    budget: listOf(moneyJson),
    audience: z.object({ target: z.int(), reached: z.int(), converted: z.int() }),
  })
  .meta({
    id: "CampaignRollup",
    description: "What a campaign and everything under it add up to.",
  });
