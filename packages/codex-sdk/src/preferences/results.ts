import { z } from "zod";
import { notificationChannels } from "../notifications/schemas.ts";
import { instantJson, listOf } from "../result.ts";
import { digests } from "./schemas.ts";

const channels = listOf(z.enum(notificationChannels));

export const preferencesResult = z
  .object({
    timeZone: z.string(),
    hasOwnTimeZone: z.boolean(),
    quietHours: listOf(
      z.object({ from: z.string(), to: z.string(), days: listOf(z.int()).optional() }),
    ),
    channels: z.record(z.string(), channels),
    digest: z.enum(digests),
  })
  .meta({
    id: "Preferences",
    description: "How whoever calls wants to be told of what, and when.",
  });

export const deliveryPreviewResult = z.object({ deliverAt: instantJson, channels });
