import { z } from "zod";
import { instant, notEmpty, text } from "../input.ts";
import {
  category,
  notificationChannels,
  notificationPriorities,
} from "../notifications/schemas.ts";

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, "is not a time such as 22:30");

/** An interval of local time; one that ends before it begins ends on the next day. */
export const quietHours = z
  .strictObject({
    from: clock,
    to: clock,
    /** Days it begins on, 1 Monday to 7 Sunday; all of them. */
    days: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  })
  .refine(({ from, to }) => from !== to, { path: ["to"], error: "is when it begins" });

export const digests = ["off", "hourly", "daily"] as const;

export const setPreferencesInput = z
  .strictObject({
    /** IANA time zone of the quiet hours; null: the person's own. */
    timeZone: text(1, 64).nullable().optional(),
    quietHours: z.array(quietHours).max(20).optional(),
    /** By category, at most 100, `default` for the others; an empty list wants none of it. */
    channels: z
      .record(category, z.array(z.enum(notificationChannels)).max(5))
      .refine((chosen) => Object.keys(chosen).length <= 100, {
        error: "has more than 100 categories",
      })
      .optional(),
    /** When e-mail leaves: at once, at the full hour, or at 8 in the morning. */
    digest: z.enum(digests).optional(),
  })
  .refine(notEmpty, { error: "names nothing to set" });
export type SetPreferencesInput = z.input<typeof setPreferencesInput>;

// Quiet hours of a week and a digest after them may lead to a year that no moment is of.
const lastYear = new Date("9999-01-01T00:00Z");

export const previewInput = z.strictObject({
  category,
  /** When it would be sent. */
  at: instant.refine((at) => at < lastYear, { error: "is not before the year 9999" }),
  priority: z.enum(notificationPriorities).default("normal"),
});
export type PreviewInput = z.input<typeof previewInput>;
