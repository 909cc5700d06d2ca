import { z } from "zod";
import { instantJson, listOf } from "../result.ts";
import { matcherOperators, silenceStates } from "./schemas.ts";

export const silenceResult = z
  .object({
    id: z.guid(),
    matchers: listOf(
      z.object({ label: z.string(), op: z.enum(matcherOperators), value: z.string() }),
    ),
    state: z.enum(silenceStates),
    startsAt: instantJson,
    endsAt: instantJson,
    comment: z.string(),
    createdBy: z.guid().nullable(),
    version: z.int(),
    createdAt: instantJson,
    updatedAt: instantJson,
  })
  .meta({ id: "Silence", description: "A time in which alerts that match are told to nobody." });

export const createdSilenceResult = silenceResult
  .extend({
    /** Open alerts that it covers. */
    matchesNow: z.int(),
  })
  .meta({});
