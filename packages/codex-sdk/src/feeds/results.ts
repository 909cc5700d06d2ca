import { z } from "zod";
import { instantJson } from "../result.ts";
import { signalCategories, signalKinds } from "../signals/schemas.ts";

export const signalFeedResult = z
  .object({
    id: z.guid(),
    url: z.string(),
    source: z.string(),
    kind: z.enum(signalKinds),
    category: z.enum(signalCategories).nullable(),
    everyMinutes: z.int(),
    nextPollAt: instantJson,
    polledAt: instantJson.nullable(),
    failures: z.int(),
    lastError: z.string().nullable(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "SignalFeed", description: "A feed that is read for signals from time to time." });
