import { eventResult, streamTicketResult, typesAsked } from "@codex/sdk/schemas";
import { tracked } from "@trpc/server";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { base, metaOf, mutation, inputParserOf } from "../trpc.ts";
import { nothing } from "./inputs.ts";
import { position, resumeAfter } from "./stream-input.ts";

/** What a stream of events is asked for by. */
export const streamInput = z
  .strictObject({
    ...position,
    /** Types to be told of, such as `campaign.status_changed`; all of them. */
    types: typesAsked.optional(),
  })
  .optional();

const subscription = {
  doc: "Every change of the workspace, in the order of the commits: nothing lost, nothing twice.",
  role: "viewer",
  input: streamInput,
  output: eventResult,
  cost: 5,
} as const;

export const events = {
  ticket: mutation(
    {
      doc: "A ticket of 30 seconds that opens one stream, and the event that it goes on after.",
      role: "viewer",
      // Who may read the events may have them as they come.
      scope: "read",
      input: nothing,
      output: streamTicketResult,
    },
    ({ workspace, options }) => workspace().events.ticket(options),
  ),
  // Over HTTP the hub serves it (realtime/); this is the same for callers inside this process.
  subscribe: base
    .meta(metaOf(subscription, "read"))
    .input(inputParserOf(streamInput))
    .subscription(async function* subscribe({ ctx, input, signal }) {
      const { role } = subscription;
      const { workspace } = ctx.caller.member({ role, scope: "events:read" });
      const after = resumeAfter(input);
      const types = input?.types;
      for await (const event of workspace().events.subscribe({ after, types, signal }))
        yield tracked(String(event.number), eventResult.parse(event));
    }),
} satisfies TRPCRouterRecord;
