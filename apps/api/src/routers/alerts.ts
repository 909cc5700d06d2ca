import {
  alertEventResult,
  alertGroupResult,
  alertResult,
  endAlertInput,
  eventResult,
  explainedAlertResult,
  groupAlertsInput,
  id,
  listAlertsInput,
  listOf,
  pageOf,
  snoozeAlertInput,
  timelineInput,
  triggerAlertInput,
  triggeredAlertResult,
  writtenOf,
} from "@codex/sdk/schemas";
import { tracked } from "@trpc/server";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { base, inputParserOf, metaOf, mutation, query } from "../trpc.ts";
import { position, resumeAfter } from "./stream-input.ts";
import { byId, expectedVersion } from "./inputs.ts";

const written = writtenOf(alertResult);
const edit = { id, expectedVersion };
const end = z.strictObject({ ...edit, ...endAlertInput.shape });

/** What a stream of alerts is asked for by. */
export const alertStreamInput = z.strictObject(position).optional();

const subscription = {
  doc: "The events of this workspace's alerts, in the order of the commits: nothing lost, nothing twice.",
  role: "viewer",
  input: alertStreamInput,
  output: eventResult,
  cost: 5,
} as const;

export const alerts = {
  trigger: mutation(
    {
      doc: "Opens an alert and tells the people it concerns, or counts one more occurrence of the open one with its key.",
      role: "analyst",
      input: triggerAlertInput,
      output: writtenOf(triggeredAlertResult),
    },
    ({ ws, input, options }) => ws.alerts.trigger(input, options),
  ),
  acknowledge: mutation(
    {
      doc: "Takes it on: it escalates no further.",
      role: "analyst",
      input: z.strictObject(edit),
      output: written,
    },
    ({ ws, input, options }) =>
      ws.alerts.acknowledge(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  resolve: mutation(
    { doc: "Ends it, as done.", role: "analyst", input: end, output: written },
    ({ ws, input: { id: alert, expectedVersion: version, ...input }, options }) =>
      ws.alerts.resolve(alert, input, { ...options, expectedVersion: version }),
  ),
  dismiss: mutation(
    {
      doc: "Ends it, as nothing that anybody has to do anything about.",
      role: "analyst",
      input: end,
      output: written,
    },
    ({ ws, input: { id: alert, expectedVersion: version, ...input }, options }) =>
      ws.alerts.dismiss(alert, input, { ...options, expectedVersion: version }),
  ),
  snooze: mutation(
    {
      doc: "Lets an open alert rest until a moment; null ends that early.",
      role: "analyst",
      input: z.strictObject({ ...edit, ...snoozeAlertInput.shape }),
      output: written,
    },
    ({ ws, input: { id: alert, until, expectedVersion: version }, options }) =>
      ws.alerts.snooze(alert, { until }, { ...options, expectedVersion: version }),
  ),
  get: query(
    { doc: "One alert.", role: "viewer", input: byId, output: alertResult },
    ({ ws, input, options }) => ws.alerts.get(input.id, options),
  ),
  list: query(
    {
      doc: "Alerts, newest first unless sorted otherwise.",
      role: "viewer",
      input: listAlertsInput,
      output: pageOf(alertResult),
    },
    ({ ws, input, options }) => ws.alerts.list({ ...input, ...options }),
  ),
  groups: query(
    {
      doc: "Open alerts, unless the filter says otherwise, counted by what they have in common; the worst first.",
      role: "viewer",
      input: groupAlertsInput,
      output: listOf(alertGroupResult),
      cost: 2,
    },
    ({ ws, input, options }) => ws.alerts.groups(input, options),
  ),
  timeline: query(
    {
      doc: "What happened to an alert and whom it was told to, from the beginning.",
      role: "viewer",
      input: z.strictObject({ id, ...timelineInput.shape }),
      output: pageOf(alertEventResult),
    },
    ({ ws, input: { id: alert, ...input }, options }) =>
      ws.alerts.timeline(alert, { ...input, ...options }),
  ),
  explain: query(
    {
      doc: "Step by step why a member was told of an alert, or was not.",
      role: "analyst",
      input: z.strictObject({ id, userId: id }),
      output: explainedAlertResult,
    },
    ({ ws, input, options }) => ws.alerts.explain(input.id, input.userId, options),
  ),
  // Over HTTP the hub serves it (realtime/); this is the same for callers inside this process.
  subscribe: base
    .meta(metaOf(subscription, "read"))
    .input(inputParserOf(alertStreamInput))
    .subscription(async function* subscribe({ ctx, input, signal }) {
      const { role } = subscription;
      const { ws } = ctx.caller.member({ role, scope: "alerts:read" });
      for await (const event of ws.alerts.subscribe({ after: resumeAfter(input), signal }))
        yield tracked(String(event.number), eventResult.parse(event));
    }),
} satisfies TRPCRouterRecord;
