import { z } from "zod";

/** A whole number between two bounds; the preset when it is not set. */
export function wholeNumber(
  min: number,
  max: number,
  preset: number,
): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(min).max(max).default(preset);
}

/** A port to listen on; 0 is any that is free. */
export function port(preset: number): z.ZodDefault<z.ZodCoercedNumber> {
  return wholeNumber(0, 65_535, preset);
}

const noAddress = "is no address such as postgresql://user:password@host/database";

/** Where a database is, and who logs in. */
export const postgresUrl: z.ZodString = z
  .string()
  .regex(/^postgres(?:ql)?:\/\/.+/u, noAddress)
  .refine(canBeRead, noAddress);

/** Whether the driver can read it: a port beyond 65535 or a bare % would fail at the first connection. */
function canBeRead(text: string): boolean {
  if (!URL.canParse(text)) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const levels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** From which level on lines are written. */
export const logLevel: z.ZodDefault<z.ZodEnum<{ [Level in (typeof levels)[number]]: Level }>> = z
  .enum(levels)
  .default("info");

/** Reads variables of an environment. Throws one sentence that names the variable and holds no value. */
export function readVariables<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  // An empty value in a file of variables means that it is not set; of blanks a number would be made, 0.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim() !== ""),
  );
  const result = schema.safeParse(given, { reportInput: false });
  if (!result.success) throw new Error(sentence(result.error.issues[0], given));
  return result.data;
}

function sentence(
  issue: { path: PropertyKey[]; message: string } | undefined,
  given: Record<string, unknown>,
): string {
  const name = String(issue?.path[0] ?? "");
  if (given[name] !== undefined) return `${name} ${issue?.message ?? "is wrong"}.`;
  return name.endsWith("DATABASE_URL")
    ? `${name} is not set: give it the address of a migrated database, or run "pnpm start", which brings PostgreSQL along.`
    : `${name} is not set.`;
}
