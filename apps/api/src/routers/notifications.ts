import {
  id,
  inboxArrivalResult,
  inboxCountsResult,
  inboxPageResult,
  listInboxInput,
  markAllReadInput,
  markedResult,
  markInput,
  sendNotificationInput,
  sentNotificationResult,
  snoozedResult,
  snoozeInput,
  writtenOf,
} from "@codex/sdk/schemas";
import { tracked } from "@trpc/server";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { base, inputParserOf, metaOf, mutation, query } from "../trpc.ts";
import { position, resumeAfter } from "./stream-input.ts";
import { nothing } from "./inputs.ts";

/** What a stream of an inbox is asked for by. */
export const inboxStreamInput = z.strictObject(position).optional();

const subscription = {
  doc: "What arrives in the inbox of whoever calls, in the order of the commits: nothing lost, nothing twice.",
  role: "viewer",
  input: inboxStreamInput,
  output: inboxArrivalResult,
  cost: 5,
} as const;

const inbox = {
  list: query(
    {
      doc: "Notifications and announcements, newest or most pressing first, with the counts of the whole inbox.",
      role: "viewer",
      input: listInboxInput,
      output: inboxPageResult,
    },
    ({ ws, input, options }) => ws.notifications.inbox.list({ ...input, ...options }),
  ),
  counts: query(
    { doc: "What is unread.", role: "viewer", input: nothing, output: inboxCountsResult },
    ({ ws, options }) => ws.notifications.inbox.counts(options),
  ),
  mark: mutation(
    {
      doc: "Marks up to 1,000 read, unread or archived, all of them or none, and gives the new counts.",
      role: "viewer",
      input: markInput,
      output: writtenOf(markedResult),
    },
    ({ ws, input, options }) => ws.notifications.inbox.mark(input.ids, input.as, options),
  ),
  markAllRead: mutation(
    {
      doc: "Marks read what was in the inbox when it was looked at; what arrived later stays unread.",
      role: "viewer",
      input: markAllReadInput,
      output: writtenOf(markedResult),
    },
    ({ ws, input, options }) => ws.notifications.inbox.markAllRead(input, options),
  ),
  snooze: mutation(
    {
      doc: "Hides a notification until a moment, when it is unread again; null shows it at once.",
      role: "viewer",
      input: z.strictObject({ id, ...snoozeInput.shape }),
      output: writtenOf(snoozedResult),
    },
    ({ ws, input: { id: target, ...input }, options }) =>
      ws.notifications.inbox.snooze(target, input, options),
  ),
  // Over HTTP the hub serves it (realtime/); this is the same for callers inside this process.
  subscribe: base
    .meta(metaOf(subscription, "read"))
    .input(inputParserOf(inboxStreamInput))
    .subscription(async function* subscribe({ ctx, input, signal }) {
      const { role } = subscription;
      const { workspace } = ctx.caller.member({ role, scope: "notifications:read" });
      const asked = { after: resumeAfter(input), signal };
      for await (const arrival of workspace().notifications.inbox.subscribe(asked))
        yield tracked(String(arrival.number), inboxArrivalResult.parse(arrival));
    }),
} satisfies TRPCRouterRecord;

export const notifications = {
  send: mutation(
    {
      doc: "Notifies members, or everyone, each as they wish to be; says who was skipped and why.",
      role: "creator",
      input: sendNotificationInput,
      output: writtenOf(sentNotificationResult),
      cost: 5,
    },
    ({ ws, input, options }) => ws.notifications.send(input, options),
  ),
  inbox,
} satisfies TRPCRouterRecord;
