import { z } from "zod";
import { id } from "../input.ts";

export const visibility = z.enum(["members", "private"]);

export const setVisibilityInput = z.strictObject({
  /** Whether the other members see it. */
  visibility,
  /** An achievement that one holds; one's figures and boards unless given. */
  achievementId: id.optional(),
});
export type SetVisibilityInput = z.input<typeof setVisibilityInput>;
