import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { z } from "zod";
import { areaOf } from "../trpc.ts";
import type { Meta } from "../trpc.ts";

/** JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly [keyword: string]: unknown;
}

/** What is promised about one procedure. */
export interface ProcedureContract {
  readonly name: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly doc: string;
  readonly auth: Meta["auth"];
  /** Least role of a member; null for people before any workspace. */
  readonly role: string | null;
  /** What an API key with scopes must have; null where keys are not taken. */
  readonly scope: string | null;
  readonly cost: number;
  /** JSON Schema of what is sent; null for nothing. */
  readonly input: JsonSchema;
  /** JSON Schema of the answer, or of each event of a stream. */
  readonly output: JsonSchema;
}

/** What apps may rely on. */
export interface Contract {
  /** Moves when something is taken away or asked for that was not before. */
  readonly version: number;
  readonly procedures: readonly ProcedureContract[];
  /** Shapes that several procedures share, by name. */
  readonly shapes: Readonly<Record<string, JsonSchema>>;
}

/** The version of the contract; raise it with a breaking change, which `pnpm verify` points out. */
export const contractVersion = 1;

/** Reads the contract out of the router. Throws one sentence naming every procedure that declares nothing. */
export function contractOf(router: AnyRouter): Contract {
  const found = Object.entries(router._def.procedures as Record<string, AnyProcedure>).toSorted(
    ([one], [other]) => (one < other ? -1 : 1),
  );
  const undeclared = found.filter(
    ([, { _def }]) => (_def.meta as Meta | undefined)?.auth === undefined,
  );
  if (undeclared.length > 0)
    throw new Error(
      `Every procedure declares who may call it; these do not: ${undeclared.map(([name]) => name).join(", ")}.`,
    );
  const shapes: Record<string, JsonSchema> = {};
  const procedures = found.map(([name, { _def }]) => {
    const { auth, role, scope, cost, doc, input, output } = _def.meta as Meta;
    return {
      name,
      type: _def.type,
      doc,
      auth,
      role: role ?? null,
      scope: scope === undefined ? null : `${areaOf(name)}:${scope}`,
      cost,
      input: schemaOf(input, "input", shapes),
      output: schemaOf(output, "output", shapes),
    };
  });
  const sorted = Object.entries(shapes).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { version: contractVersion, procedures, shapes: Object.fromEntries(sorted) };
}

function schemaOf(
  schema: z.ZodType,
  io: "input" | "output",
  shapes: Record<string, JsonSchema>,
): JsonSchema {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  for (const [name, shape] of Object.entries($defs ?? {})) shapes[name] = tidy(shape) as JsonSchema;
  return tidy(rest) as JsonSchema;
}

/** Without what only repeats: patterns of known formats, limits of whole numbers, what JSON cannot carry. */
function tidy(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(tidy);
  if (typeof part !== "object" || part === null) return part;
  const { id, ...schema } = part as Record<string, unknown>;
  if (typeof schema["format"] === "string") delete schema["pattern"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  if (typeof schema["$ref"] === "string")
    return { $ref: schema["$ref"].replace("#/$defs/", "#/shapes/") };
  const { anyOf, type } = schema;
  if (Array.isArray(type))
    return tidy({
      anyOf: type.map((one) =>
        one === "null" ? { type: one } : { ...schema, type: one as unknown },
      ),
    });
  if (Array.isArray(anyOf)) {
    const known = anyOf.filter((one) => Object.keys(one as object).length > 0);
    if (known.length === 1) return tidy({ ...schema, anyOf: undefined, ...(known[0] as object) });
    schema["anyOf"] = known;
  }
  return Object.fromEntries(
    Object.entries(typeof id === "string" || id === undefined ? schema : { id, ...schema })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, tidy(value)]),
  );
}
