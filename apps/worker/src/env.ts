import { z } from "zod";

const variables = z.object({
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\/.+/u, "is no address of a database"),
});

/** Settings of the worker. */
export type Settings = z.output<typeof variables>;

/** Reads the settings. Throws one sentence that names the variable. */
export function readSettings(given: Readonly<Record<string, string | undefined>>): Settings {
  const result = variables.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${String(issue?.path[0])} ${issue?.message}`);
}

/** The environment of this process. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
