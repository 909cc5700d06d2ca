import { z } from "zod";

export const placeResult = z
  .object({
    rank: z.int(),
    userId: z.guid(),
    score: z.int(),
    /** Whether somebody else has the same score. */
    tied: z.boolean(),
  })
  .meta({ id: "Place", description: "A member's place on a board." });

export const rankResult = z.object({ rank: z.int().nullable(), of: z.int() });
