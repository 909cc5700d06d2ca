import {
  createWebhookInput,
  id,
  pageInput,
  pageOf,
  rotateSecretInput,
  webhookResult,
  webhookWithSecretResult,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { editById, expectedVersion } from "./inputs.ts";

export const webhooks = {
  create: mutation(
    {
      doc: "Tells a public https address of events from now on; its secret is shown here and never again.",
      role: "owner",
      input: createWebhookInput,
      output: writtenOf(webhookWithSecretResult),
    },
    ({ ws, input, options }) => ws.webhooks.create(input, options),
  ),
  list: query(
    {
      doc: "Webhook endpoints without their secrets, newest first, disabled ones included.",
      role: "owner",
      input: z.strictObject(pageInput),
      output: pageOf(webhookResult),
    },
    ({ ws, input, options }) => ws.webhooks.list({ ...input, ...options }),
  ),
  disable: mutation(
    {
      doc: "Ends a webhook endpoint for good, with what is on its way there.",
      role: "owner",
      input: editById,
      output: writtenOf(webhookResult),
    },
    ({ ws, input, options }) =>
      ws.webhooks.disable(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  rotateSecret: mutation(
    {
      doc: "Gives a webhook endpoint another secret; the one before signs beside it for a while.",
      role: "owner",
      input: z.strictObject({ id, ...rotateSecretInput.shape, expectedVersion }),
      output: writtenOf(webhookWithSecretResult),
    },
    ({ ws, input: { id: target, expectedVersion: version, ...input }, options }) =>
      ws.webhooks.rotateSecret(target, input, { ...options, expectedVersion: version }),
  ),
} satisfies TRPCRouterRecord;
