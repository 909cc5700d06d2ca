import { z } from "zod";

/**
 * Takes anything, and stands in the contract as the schema given: for what is checked one by one, further
 * in, with an outcome of its own.
 */
export function shownAs<T>(schema: z.ZodType<unknown, T>): z.ZodType<T, T> {
  const { $schema, ...shape } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return z.unknown().meta(shape) as unknown as z.ZodType<T, T>;
}
