import { id, version } from "@codex/sdk/schemas";
import { z } from "zod";

/** What one thing is asked for by. */
export const byId = z.strictObject({ id });

/** For edits: fails with StaleVersion unless the thing still has this version. */
export const expectedVersion = version.min(1).optional();

/** One thing by its id, to be changed. */
export const editById = z.strictObject({ id, expectedVersion });

export const nothing = z.strictObject({}).optional();
