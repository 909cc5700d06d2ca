import { z } from "zod";
import { actionUrl, id, instant, lengths, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const notificationTypes = [
  "alert",
  "achievement",
  "message",
  "reminder",
  "summary",
] as const;
/** From the least pressing to the most. */
export const notificationPriorities = ["low", "normal", "high", "urgent"] as const;
/** Of these, `in_app` and `email` have a sender; the database refuses the others. */
export const notificationChannels = ["in_app", "email", "slack", "sms", "push"] as const;

/** What it is about, such as `achievement` or `weekly_report`; preferences choose by it. */
export const category = text(1, 50).regex(
  /^[a-z][a-z0-9_]*$/u,
  "is not lower case letters, digits and underscores",
);

export const sendNotificationInput = z.strictObject({
  /** Members, 1 to 10,000; or everyone. */
  to: z.union([z.array(id).min(1).max(10_000), z.literal("everyone")], {
    error: 'is neither a list of 1 to 10,000 members nor "everyone"',
  }),
  type: z.enum(notificationTypes),
  title: text(1, 300),
  body: text(0, lengths.prose).optional(),
  /** `general` unless given; `critical` passes quiet hours and opt-outs. */
  category: category.optional(),
  /** `normal` unless given; `urgent` passes quiet hours and opt-outs. */
  priority: z.enum(notificationPriorities).optional(),
  /** `email` sends it by e-mail too, whatever the recipients have chosen. */
  channel: z.enum(notificationChannels).optional(),
  actionUrl: actionUrl.optional(),
  actionLabel: text(1, lengths.name).optional(),
  alertId: id.optional(),
  achievementId: id.optional(),
  campaignId: id.optional(),
  /** From when on it is not shown. */
  expiresAt: instant.optional(),
  /** Whoever has one under this key is sent no other: for what may be sent again by mistake. */
  dedupKey: text(1, 300).optional(),
});
export type SendNotificationInput = z.input<typeof sendNotificationInput>;

export const inboxStatuses = ["inbox", "unread", "archived", "snoozed"] as const;

export const listInboxInput = z
  .strictObject({
    filter: z
      .strictObject({
        /** `inbox`, all that is neither archived, snoozed nor expired, unless given. */
        status: z.enum(inboxStatuses).default("inbox"),
        category: category.optional(),
      })
      .default({ status: "inbox" }),
    /** `priority`, the most pressing first, is for what is unread. */
    sort: z.enum(["newest", "priority"]).default("newest"),
    ...pageInput,
  })
  .refine(({ filter, sort }) => sort === "newest" || filter.status === "unread", {
    path: ["sort"],
    error: "by priority goes with the status unread",
  });
export type ListInboxInput = z.input<typeof listInboxInput>;

export const notificationMarks = ["read", "unread", "archived"] as const;
export type NotificationMark = (typeof notificationMarks)[number];

export const markInput = z.strictObject({
  ids: z.array(id).min(1).max(1_000),
  as: z.enum(notificationMarks),
});

/** `upTo`: `asOf` of the counts that came with what was seen. */
export const markAllReadInput = z.strictObject({ upTo: z.string().min(1).max(20_000) });
export type MarkAllReadInput = z.input<typeof markAllReadInput>;

/** `until`: a moment within the next year, or null to show it at once. */
export const snoozeInput = z.strictObject({ until: instant.nullable() });
export type SnoozeInput = z.input<typeof snoozeInput>;

export const subscribeInboxInput = z.strictObject({
  /** Number of the last one handled; left out, from now on. */
  after: z.int().min(0).optional(),
  /** Milliseconds between two looks while nothing happens, 10 to 60,000. */
  pollMs: z.int().min(10).max(60_000).default(250),
});
export type SubscribeInboxInput = z.input<typeof subscribeInboxInput>;
