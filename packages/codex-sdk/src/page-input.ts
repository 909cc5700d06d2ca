import { z } from "zod";

/** What a list is asked for from outside; the API uses it too. */
export const pageInput = {
  first: z.int().min(1).max(200).default(50),
  after: z.string().min(1).max(2_000).optional(),
};
