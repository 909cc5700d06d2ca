import { z } from "zod";
import { instantJson, listOf } from "../result.ts";

export const messageResult = z
  .object({
    id: z.guid(),
    positioningId: z.guid(),
    name: z.string(),
    channel: z.string().nullable(),
    persona: z.string().nullable(),
    coreMessage: z.string(),
    pillars: listOf(
      z.object({
        claim: z.string(),
        proofPoints: listOf(z.object({ text: z.string(), source: z.string() })),
      }),
    ),
    brandVoice: z.string(),
    toneGuidelines: z.string(),
    status: z.enum(["draft", "published", "superseded"]),
    publishedAt: instantJson.nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Message", description: "What is said on the ground of a positioning." });

export const messageLintResult = z.object({
  errors: listOf(z.string()),
  warnings: listOf(z.string()),
});

export const publishedMessageResult = z.object({
  published: messageResult,
  /** The one that was published before. */
  superseded: z.guid().optional(),
});

export const resolvedMessageResult = z.object({
  message: messageResult,
  from: listOf(
    z.object({ id: z.guid(), channel: z.string().nullable(), persona: z.string().nullable() }),
  ),
});
