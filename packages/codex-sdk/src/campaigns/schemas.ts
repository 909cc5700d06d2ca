import { z } from "zod";
import { day, id, lengths, lines, money, notEmpty, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const campaignStatuses = [
  "draft",
  "planning",
  "active",
  "paused",
  "completed",
  "archived",
  "cancelled",
] as const;
export const campaignStatus = z.enum(campaignStatuses);
export const campaignObjectives = [
  "awareness",
  "consideration",
  "conversion",
  "retention",
  "advocacy",
] as const;

const fields = {
  description: text(0, lengths.prose),
  objective: z.enum(campaignObjectives),
  positioningId: id.nullable(),
  messageId: id.nullable(),
  /** Member who answers for it; whoever makes it, unless given. */
  ownerId: id.nullable(),
  targetSegments: lines,
  targetGeographies: lines,
  startDate: day.nullable(),
  endDate: day.nullable(),
  budget: money,
};

const optional = z.strictObject(fields).partial().shape;

export const createCampaignInput = z.strictObject({
  name: text(1, lengths.name),
  /** Campaign that it is part of; at most 5 levels. */
  parentId: id.nullable().optional(),
  ...optional,
});
export type CreateCampaignInput = z.input<typeof createCampaignInput>;

export const updateCampaignInput = z
  .strictObject({ name: text(1, lengths.name).optional(), ...optional })
  .refine(notEmpty, { error: "names no field to change" });
export type UpdateCampaignInput = z.input<typeof updateCampaignInput>;

export const moveCampaignInput = z.strictObject({ parentId: id.nullable() });
export type MoveCampaignInput = z.input<typeof moveCampaignInput>;

export const listCampaignsInput = z.strictObject({
  ...pageInput,
  filter: z
    .strictObject({ status: campaignStatus, ownerId: id, parentId: id.nullable() })
    .partial()
    .default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListCampaignsInput = z.input<typeof listCampaignsInput>;
