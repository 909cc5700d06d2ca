import type { Contract, JsonSchema } from "./contract.ts";
import { nameOf } from "./shapes.ts";

interface Options {
  /** Shapes by which an object that has all their fields is written, with what it adds; the largest wins. */
  readonly bases: Contract["shapes"];
}

/** JSON Schema as a TypeScript type: what JSON carries, without limits and formats. */
export function typeOf(schema: JsonSchema, options: Options): string {
  const { $ref, const: value, enum: values, anyOf, type, items } = schema;
  if ($ref !== undefined) return nameOf($ref);
  if (value !== undefined) return JSON.stringify(value);
  if (values !== undefined) return unionOf(values.map((one) => JSON.stringify(one)));
  if (anyOf !== undefined) return unionOf(anyOf.map((one) => typeOf(one, options)));
  if (type === "array") return arrayOf(items ?? {}, options);
  if (type === "object") return objectOf(schema, options);
  if (type === "integer") return "number";
  return type ?? "unknown";
}

function unionOf(members: readonly string[]): string {
  return [...new Set(members)].join(" | ");
}

function arrayOf(item: JsonSchema, options: Options): string {
  const text = typeOf(item, options);
  const isCompound = item.anyOf !== undefined || item.enum !== undefined || /^\w+ & /u.test(text);
  return isCompound ? `(${text})[]` : `${text}[]`;
}

function objectOf(schema: JsonSchema, options: Options): string {
  const { properties = {}, additionalProperties } = schema;
  const base = baseOf(schema, options.bases);
  if (base !== undefined) {
    const own = without(schema, options.bases[base]);
    const isMore = Object.keys(own.properties ?? {}).length > 0;
    return isMore ? `${base} & ${objectOf(own, options)}` : base;
  }
  if (Object.keys(properties).length === 0) {
    if (typeof additionalProperties === "object")
      return `{ [name: string]: ${typeOf(additionalProperties, options)} }`;
    return additionalProperties === false ? "Record<string, never>" : "Record<string, unknown>";
  }
  const required = new Set(schema.required);
  const fields = Object.entries(properties).map(([name, field]) => {
    const text = typeOf(field, options).replaceAll("\n", "\n  ");
    const doc = docLine(field["description"], "  ");
    // JSON leaves out what is undefined, so that it may be given.
    return required.has(name)
      ? `${doc}  ${keyOf(name)}: ${text};\n`
      : `${doc}  ${keyOf(name)}?: ${text} | undefined;\n`;
  });
  // One that later versions of its format may add to.
  const isOpen = typeof additionalProperties === "object";
  return `{\n${fields.join("")}${isOpen ? "  [name: string]: unknown;\n" : ""}}`;
}

/** `"@context"`, which JSON-LD asks for, is no name. */
function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(name) ? name : JSON.stringify(name);
}

// An object with two fields in common with a shape is not one of them.
const fieldsMin = 4;

/** The largest shape whose every field an object has too, just as it is there. */
function baseOf(schema: JsonSchema, shapes: Contract["shapes"]): string | undefined {
  const { properties = {}, required = [] } = schema;
  const holds = (shape: JsonSchema): boolean => {
    const fields = Object.entries(shape.properties ?? {});
    if (fields.length < fieldsMin) return false;
    return fields.every(
      ([name, field]) =>
        JSON.stringify(field) === JSON.stringify(properties[name]) &&
        (shape.required ?? []).includes(name) === required.includes(name),
    );
  };
  const size = (name: string): number => Object.keys(shapes[name]?.properties ?? {}).length;
  return Object.entries(shapes)
    .filter(([, shape]) => holds(shape))
    .map(([name]) => name)
    .toSorted((one, other) => size(other) - size(one))[0];
}

function without(schema: JsonSchema, base: JsonSchema | undefined): JsonSchema {
  const inherited = new Set(Object.keys(base?.properties ?? {}));
  const own = Object.entries(schema.properties ?? {}).filter(([name]) => !inherited.has(name));
  return { ...schema, properties: Object.fromEntries(own) };
}

/** A comment above a declaration; nothing for nothing. */
export function docLine(text: unknown, indent: string): string {
  if (typeof text !== "string" || text === "") return "";
  return `${indent}/** ${text.replaceAll("*/", "* /")} */\n`;
}
