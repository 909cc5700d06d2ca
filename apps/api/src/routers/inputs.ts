import { id } from "@codex/sdk/schemas";
import { z } from "zod";

/** What one thing is asked for by. */
export const byId = z.strictObject({ id });

/** For edits: fails with StaleVersion unless the thing still has this version. */
export const expectedVersion = z
  .int()
  .min(1)
  // The column's: one beyond it would be a number out of range, and nobody told which.
  .refine((version) => version < 2 ** 31, { error: "is larger than versions become" })
  .optional();

/** One thing by its id, to be changed. */
export const editById = z.strictObject({ id, expectedVersion });

export const nothing = z.strictObject({}).optional();
