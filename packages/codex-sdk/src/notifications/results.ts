import { z } from "zod";
import { instantJson, listOf, pageOf } from "../result.ts";
import { notificationPriorities, notificationTypes } from "./schemas.ts";

export const sentNotificationResult = z
  .object({
    id: z.guid(),
    accepted: z.int(),
    announced: z.boolean(),
    skipped: listOf(
      z.object({
        userId: z.guid(),
        reason: z.enum(["not_a_member", "opted_out", "already_sent"]),
      }),
    ),
  })
  .meta({ id: "SentNotification", description: "Whom a notification reached, and whom not." });

export const inboxItemResult = z
  .object({
    kind: z.enum(["notification", "announcement"]),
    id: z.guid(),
    type: z.enum(notificationTypes),
    category: z.string(),
    priority: z.enum(notificationPriorities),
    title: z.string(),
    body: z.string(),
    actionUrl: z.string().nullable(),
    actionLabel: z.string().nullable(),
    alertId: z.guid().nullable(),
    achievementId: z.guid().nullable(),
    campaignId: z.guid().nullable(),
    isRead: z.boolean(),
    archivedAt: instantJson.nullable(),
    snoozedUntil: instantJson.nullable(),
    expiresAt: instantJson.nullable(),
    createdAt: instantJson,
  })
  .meta({ id: "InboxItem", description: "What stands in the inbox of whoever calls." });

export const inboxCountsResult = z
  .object({
    unread: z.int(),
    isCapped: z.boolean(),
    byCategory: z.record(z.string(), z.int()),
    asOf: z.string(),
  })
  .meta({ id: "InboxCounts", description: "How much is unread, up to 1,000." });

export const inboxPageResult = pageOf(inboxItemResult).extend({ counts: inboxCountsResult });

export const markedResult = z.object({ changed: z.int(), counts: inboxCountsResult });

export const snoozedResult = z.object({ item: inboxItemResult, counts: inboxCountsResult });

export const inboxArrivalResult = z
  .object({ number: z.int(), item: inboxItemResult })
  .meta({ id: "InboxArrival", description: "Something that has arrived in the inbox." });
