import type { Contract, JsonSchema, ProcedureContract } from "./contract.ts";

type Shapes = Contract["shapes"];

const roles = ["viewer", "analyst", "creator", "strategist", "owner"];

/** What an app that was written for the old contract would miss in the new one; empty when it would not notice. */
export function breakingChanges(before: Contract, after: Contract): string[] {
  const shapes = { before: before.shapes, after: after.shapes };
  return before.procedures.flatMap((old) => {
    const now = after.procedures.find(({ name }) => name === old.name);
    if (now === undefined) return [`${old.name} is gone`];
    return [
      ...accessChanges(old, now),
      // A sender of the old input is refused: something new is needed, or something is no longer taken.
      ...compare(shapes, start(old.input, now.input, "input")).map(
        (what) => `${old.name}: the input ${what}`,
      ),
      // A reader of the old answer finds less in it, or something it does not know.
      ...compare(shapes, start(old.output, now.output, "output")).map(
        (what) => `${old.name}: the answer ${what}`,
      ),
    ];
  });
}

function accessChanges(old: ProcedureContract, now: ProcedureContract): string[] {
  return [
    ...(old.type === now.type ? [] : [`${old.name} is a ${now.type} by now, no ${old.type}`]),
    ...(old.auth === now.auth ? [] : [`${old.name} is for another kind of caller`]),
    ...(rank(now) > rank(old) ? [`${old.name} needs the role ${now.role ?? ""}`] : []),
    ...(old.scope === now.scope ? [] : [`${old.name} needs another scope`]),
  ];
}

function rank({ role }: ProcedureContract): number {
  return roles.indexOf(role ?? "");
}

interface Both {
  readonly before: Shapes;
  readonly after: Shapes;
}

interface Comparison {
  readonly before: JsonSchema;
  readonly after: JsonSchema;
  readonly path: string;
  readonly direction: "input" | "output";
  /** Shapes on the way here: a recursive one is compared once. */
  readonly seen: readonly string[];
}

function start(
  before: JsonSchema,
  after: JsonSchema,
  direction: Comparison["direction"],
): Comparison {
  return { before, after, path: "", direction, seen: [] };
}

function compare(shapes: Both, comparison: Comparison): string[] {
  const { path, direction, seen } = comparison;
  const [refBefore, refAfter] = [comparison.before.$ref, comparison.after.$ref];
  if (refBefore !== undefined && refBefore === refAfter && seen.includes(refBefore)) return [];
  const before = resolve(comparison.before, shapes.before);
  const after = resolve(comparison.after, shapes.after);
  const deeper = refBefore === undefined ? seen : [...seen, refBefore];
  const at = path === "" ? "" : ` at ${path}`;
  // What one side accepts or gives in several forms: each form of the stricter side must have a partner.
  if (before.anyOf !== undefined || after.anyOf !== undefined) {
    const [from, to] = direction === "input" ? [before, after] : [after, before];
    const missing = formsOf(from, shapes).filter(
      (form) => !formsOf(to, shapes).some((other) => kindOf(other) === kindOf(form)),
    );
    return missing.map((form) => `has another form${at}: ${kindOf(form)}`);
  }
  if (kindOf(before) !== kindOf(after) && kindOf(after) !== "anything")
    return [`is ${kindOf(after)} by now, no ${kindOf(before)}${at}`];
  return [
    ...enumChanges(before, after, { direction, at }),
    ...limitChanges(before, after, { direction, at }),
    ...fieldChanges(shapes, { before, after, path, direction, seen: deeper }),
    ...(before.items === undefined || after.items === undefined
      ? []
      : compare(shapes, {
          before: before.items,
          after: after.items,
          path: `${path}[]`,
          direction,
          seen: deeper,
        })),
  ];
}

function fieldChanges(shapes: Both, comparison: Comparison): string[] {
  const { before, after, path, direction, seen } = comparison;
  const [had, has] = [before.properties ?? {}, after.properties ?? {}];
  const [needed, needs] = [new Set(before.required), new Set(after.required)];
  const nameOf = (field: string): string => (path === "" ? field : `${path}.${field}`);
  const lost = Object.keys(had)
    .filter((field) => !(field in has) && before.properties !== undefined)
    .map((field) => `no longer has ${nameOf(field)}`);
  const tightened =
    direction === "input"
      ? [...needs]
          .filter((field) => !needed.has(field))
          .map((field) => `needs ${nameOf(field)} by now`)
      : [...needed]
          .filter((field) => field in has && !needs.has(field))
          .map((field) => `may lack ${nameOf(field)} by now`);
  const inside = Object.entries(had).flatMap(([field, old]) => {
    const now = has[field];
    if (now === undefined) return [];
    return compare(shapes, { before: old, after: now, path: nameOf(field), direction, seen });
  });
  return [...lost, ...tightened, ...inside];
}

function enumChanges(
  before: JsonSchema,
  after: JsonSchema,
  { direction, at }: { direction: "input" | "output"; at: string },
): string[] {
  const [had, has] = [before.enum, after.enum];
  if (direction === "input") {
    if (has === undefined) return [];
    if (had === undefined) return [`takes certain values only${at}`];
    return had
      .filter((value) => !has.includes(value))
      .map((value) => `no longer takes ${String(value)}${at}`);
  }
  if (had === undefined) return [];
  if (has === undefined) return [`may be any value by now${at}`];
  return has
    .filter((value) => !had.includes(value))
    .map((value) => `may be ${String(value)} by now${at}`);
}

const lowerBounds = ["minimum", "minLength", "minItems"];
const upperBounds = ["maximum", "maxLength", "maxItems"];

function limitChanges(
  before: JsonSchema,
  after: JsonSchema,
  { direction, at }: { direction: "input" | "output"; at: string },
): string[] {
  if (direction === "output") return [];
  const tighter = (bound: string, sign: 1 | -1): boolean => {
    const [old, now] = [before[bound], after[bound]];
    if (typeof now !== "number") return false;
    return typeof old !== "number" || sign * (now - old) > 0;
  };
  return [
    ...lowerBounds.filter((bound) => tighter(bound, 1)),
    ...upperBounds.filter((bound) => tighter(bound, -1)),
  ].map((bound) => `has a tighter ${bound}${at}`);
}

function resolve(schema: JsonSchema, shapes: Shapes): JsonSchema {
  if (schema.$ref === undefined) return schema;
  return shapes[schema.$ref.slice("#/shapes/".length)] ?? {};
}

function formsOf(schema: JsonSchema, shapes: Both): readonly JsonSchema[] {
  return (schema.anyOf ?? [schema]).map((form) =>
    resolve(form, { ...shapes.before, ...shapes.after }),
  );
}

function kindOf({ type, format, const: value }: JsonSchema): string {
  if (value !== undefined) return `exactly ${JSON.stringify(value)}`;
  if (type === undefined) return "anything";
  return typeof format === "string" ? `${type} (${format})` : type;
}
