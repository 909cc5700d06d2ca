import { deliveryResult, listDeliveriesInput, pageOf, writtenOf } from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { mutation, query } from "../trpc.ts";
import { byId } from "./inputs.ts";

export const deliveries = {
  list: query(
    {
      doc: "E-mails to whoever calls, and for owners what goes to webhooks, newest first.",
      role: "viewer",
      input: listDeliveriesInput,
      output: pageOf(deliveryResult),
    },
    ({ ws, input, options }) => ws.deliveries.list({ ...input, ...options }),
  ),
  redeliver: mutation(
    {
      doc: "Sends one of those again at once, under the same message id.",
      role: "viewer",
      input: byId,
      output: writtenOf(deliveryResult),
    },
    ({ ws, input, options }) => ws.deliveries.redeliver(input.id, options),
  ),
} satisfies TRPCRouterRecord;
