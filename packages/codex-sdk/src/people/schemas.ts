import { z } from "zod";
import { lengths, text } from "../input.ts";

/** Input of `people.ensure`. */
export const ensurePersonInput = z.strictObject({
  /** Who vouches for the person: the `iss` of their token. */
  issuer: text(1, 500),
  /** Who the person is there: the `sub` of their token. */
  subject: text(1, 500),
  name: text(0, lengths.name).default(""),
  email: z.email().max(320).optional(),
  /** IANA time zone. */
  timeZone: text(1, 100).default("UTC"),
});
export type EnsurePersonInput = z.input<typeof ensurePersonInput>;
