import {
  id,
  messageLintResult,
  messageResult,
  publishedMessageResult,
  putMessageInput,
  resolvedMessageResult,
  resolveMessageInput,
  writtenOf,
} from "@codex/sdk/schemas";
import type { TRPCRouterRecord } from "@trpc/server";
import { z } from "zod";
import { mutation, query } from "../trpc.ts";
import { byId, editById, expectedVersion } from "./inputs.ts";

export const messages = {
  put: mutation(
    {
      doc: "Writes the draft of a positioning for a channel and persona; there is one at a time.",
      role: "creator",
      input: z.strictObject({ positioningId: id, ...putMessageInput.shape, expectedVersion }),
      output: writtenOf(messageResult),
    },
    ({ ws, input: { positioningId, expectedVersion: version, ...input }, options }) =>
      ws.messages.put(positioningId, input, { ...options, expectedVersion: version }),
  ),
  get: query(
    { doc: "One message.", role: "viewer", input: byId, output: messageResult },
    ({ ws, input, options }) => ws.messages.get(input.id, options),
  ),
  lint: query(
    {
      doc: "Looks for claims without proof and the like.",
      role: "viewer",
      input: byId,
      output: messageLintResult,
    },
    ({ ws, input, options }) => ws.messages.lint(input.id, options),
  ),
  publish: mutation(
    {
      doc: "Publishes a draft; the one published for the same place is superseded.",
      role: "creator",
      input: editById,
      output: writtenOf(publishedMessageResult),
    },
    ({ ws, input, options }) =>
      ws.messages.publish(input.id, { ...options, expectedVersion: input.expectedVersion }),
  ),
  resolve: query(
    {
      doc: "The message to use for a segment, channel and persona: the most specific wins.",
      role: "viewer",
      input: resolveMessageInput,
      output: resolvedMessageResult,
    },
    ({ ws, input, options }) => ws.messages.resolve(input, options),
  ),
} satisfies TRPCRouterRecord;
