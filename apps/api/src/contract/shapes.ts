import type { JsonSchema } from "./contract.ts";

const prefix = "#/shapes/";

/**
 * A schema that stands by itself: what it refers to is carried along in `$defs`, and if the whole is one
 * shape, that one is written out.
 */
export function inlineShapes(
  schema: JsonSchema,
  shapes: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const top = schema.$ref === undefined ? schema : (shapes[nameOf(schema.$ref)] ?? schema);
  const used = namesIn(top, shapes, new Set());
  const body = redirect(top, "#/$defs/") as JsonSchema;
  if (used.size === 0) return body;
  const $defs = Object.fromEntries(
    [...used].map((name) => [name, redirect(shapes[name] ?? {}, "#/$defs/")]),
  );
  return { ...body, $defs };
}

/** The same with references to shapes that stand elsewhere. */
export function redirect(part: unknown, to: string): unknown {
  if (Array.isArray(part)) return part.map((one) => redirect(one, to));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === "$ref" && typeof value === "string" ? value.replace(prefix, to) : redirect(value, to),
    ]),
  );
}

/** Name of the shape that a reference names. */
export function nameOf($ref: string): string {
  return $ref.slice(prefix.length);
}

function namesIn(
  part: unknown,
  shapes: Readonly<Record<string, JsonSchema>>,
  found: Set<string>,
): Set<string> {
  if (Array.isArray(part)) for (const one of part) namesIn(one, shapes, found);
  else if (typeof part === "object" && part !== null)
    for (const [key, value] of Object.entries(part)) {
      if (key !== "$ref" || typeof value !== "string") namesIn(value, shapes, found);
      else if (!found.has(nameOf(value))) {
        found.add(nameOf(value));
        namesIn(shapes[nameOf(value)], shapes, found);
      }
    }
  return found;
}
