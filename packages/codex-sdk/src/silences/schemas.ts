import { z } from "zod";
import { labelPattern, noLabel } from "../alerts/schemas.ts";
import { instant, lengths, text } from "../input.ts";
import { pageInput } from "../page-input.ts";

export const matcherOperators = ["is", "is_not", "starts_with"] as const;

const matcher = z.strictObject({
  /** A label's name, or type, severity or source. An alert without that label is not matched. */
  label: text(1, 63).refine((name) => labelPattern.test(name), { error: noLabel }),
  op: z.enum(matcherOperators).default("is"),
  value: text(1, lengths.name),
});

export const createSilenceInput = z
  .strictObject({
    /** What an alert must be to be silenced, every one of them; 1 to 20. */
    matchers: z.array(matcher).min(1, "a silence without a matcher would cover everything").max(20),
    /** Now, when left out. */
    startsAt: instant.optional(),
    /** After the start, in the future, and within a year of the start. */
    endsAt: instant,
    /** Why. */
    comment: text(1, lengths.line),
  })
  .refine(({ startsAt, endsAt }) => startsAt === undefined || startsAt < endsAt, {
    path: ["endsAt"],
    error: "is not after the start",
  });
export type CreateSilenceInput = z.input<typeof createSilenceInput>;

export const silenceStates = ["pending", "active", "expired"] as const;

export const listSilencesInput = z.strictObject({
  ...pageInput,
  filter: z
    .strictObject({ state: z.enum(silenceStates) })
    .partial()
    .default({}),
  sort: z.enum(["newest", "oldest"]).default("newest"),
});
export type ListSilencesInput = z.input<typeof listSilencesInput>;
