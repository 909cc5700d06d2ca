import { id } from "@codex/sdk/schemas";
import { z } from "zod";

/** What one thing is asked for by. */
export const byId = z.strictObject({ id });

/** For edits: fails with StaleVersion unless the thing still has this version. */
export const expectedVersion = z.int().min(1).optional();

export const nothing = z.strictObject({}).optional();
