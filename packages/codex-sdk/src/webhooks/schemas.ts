import { z } from "zod";
import { isOfNobody, lengths, namesSomebody, text } from "../input.ts";

export const createWebhookInput = z.strictObject({
  /** Public address by https. */
  url: text(1, 2_000)
    .refine((url) => URL.canParse(url), {
      error: "is no address such as https://example.org/hook",
    })
    .refine(isOfNobody, namesSomebody),
  description: text(0, lengths.line).optional(),
  /** Types such as `campaign.created` or `campaign.*`; all of them. The database knows which there are. */
  eventTypes: z.array(text(1, 100)).max(100).optional(),
});
export type CreateWebhookInput = z.input<typeof createWebhookInput>;

export const rotateSecretInput = z.strictObject({
  /** Hours during which the secret before signs too, 0 to 720. */
  overlapHours: z.int().min(0).max(720).default(24),
});
export type RotateSecretInput = z.input<typeof rotateSecretInput>;
