import { Failure } from "../failure.ts";
import type { MigrationFile } from "../runner/files.ts";
import { located } from "../runner/statement-failure.ts";
import { splitStatements } from "../runner/statements.ts";
import type { Statement } from "../runner/statements.ts";

/** A node of PostgreSQL's own parse tree: its kind, and its fields. */
export type Node = Readonly<Record<string, unknown>>;

/** A statement with its parse tree. */
export interface Parsed {
  readonly statement: Statement;
  /** Such as `AlterTableStmt`. */
  readonly kind: string;
  readonly node: Node;
}

/** Parses a file with PostgreSQL's own parser. Fails with line and column on what is no SQL. */
export async function parseFile(file: MigrationFile): Promise<Parsed[]> {
  // Loaded here and not at the top: half of a no-op run's time would go into it.
  const { parse } = await import("libpg-query").catch((cause: unknown) => {
    throw new Failure(
      "lint needs the package libpg-query, which this build leaves out: run it from the checkout.",
      { cause },
    );
  });
  const parsed: Parsed[] = [];
  for (const statement of splitStatements(file.text, file.name)) {
    try {
      const tree: unknown = await parse(statement.text.replaceAll(":batch", "true"));
      parsed.push(...readTree(tree).map((one) => ({ ...one, statement })));
    } catch (error) {
      throw new Failure(messageOf(located(withPosition(error), file, statement)), { cause: error });
    }
  }
  return parsed;
}

function readTree(tree: unknown): { kind: string; node: Node }[] {
  return listOf(tree, "stmts").flatMap((raw) =>
    Object.entries(nodeOf(raw["stmt"])).map(([kind, node]) => ({ kind, node: nodeOf(node) })),
  );
}

// The parser counts from 0, the server from 1; both count characters.
function withPosition(error: unknown): unknown {
  if (!(error instanceof Error) || !("sqlDetails" in error)) return error;
  const position = nodeOf(error.sqlDetails)["cursorPosition"];
  return Object.assign(error, { position: String(Number(position) + 1) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A value as a node; an empty one when it is none. */
export function nodeOf(value: unknown): Node {
  // Parse trees are plain JSON.
  return typeof value === "object" && value !== null ? (value as Node) : {};
}

/** The nodes of a list field; empty when there is none. */
export function listOf(value: unknown, field: string): Node[] {
  const list = nodeOf(value)[field];
  return Array.isArray(list) ? list.map(nodeOf) : [];
}

/** A text field; empty when there is none. */
export function textIn(node: Node, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

/** `schema.table` of a RangeVar; of a table without a schema only its name. */
export function tableOf(value: unknown): string {
  const range = nodeOf(value);
  return [textIn(range, "schemaname"), textIn(range, "relname")].filter(Boolean).join(".");
}

/** Every node of that kind below a value, as its fields. */
export function findAll(value: unknown, kind: string): Node[] {
  if (Array.isArray(value)) return value.flatMap((one) => findAll(one, kind));
  return Object.entries(nodeOf(value)).flatMap(([name, below]) => [
    ...(name === kind ? [nodeOf(below)] : []),
    ...(typeof below === "object" ? findAll(below, kind) : []),
  ]);
}

/** The dotted name in what a statement is about: words, a type, or a function with its arguments. */
export function nameIn(object: unknown): string {
  const node = nodeOf(object);
  const words = [
    ...listOf(node["List"], "items"),
    ...listOf(node["TypeName"], "names"),
    ...listOf(node["ObjectWithArgs"], "objname"),
    node,
  ];
  return words
    .map((word) => textIn(nodeOf(word["String"]), "sval"))
    .filter(Boolean)
    .join(".");
}

/** The names that a DROP lists. */
export function namesOf(node: Node): string[] {
  return listOf(node, "objects").map(nameIn);
}

/** Whether an option such as `full` or `security_invoker = on` is on; without a value it is. */
export function isOn(option: Node): boolean {
  // A word such as `off` or "off" is parsed as the name of a type.
  const said = nameIn(option["arg"]).toLowerCase();
  const isZero = JSON.stringify(nodeOf(option["arg"])["Integer"]) === "{}";
  return !isOff(said) && !isZero;
}

// As the server reads it, by any beginning that only one word has: "o" could be on as well.
function isOff(said: string): boolean {
  return /^(?:0|f(?:a(?:l(?:se?)?)?)?|no?|off?)$/.test(said);
}

/** Whether an option of a role or function is given, and not with NO or NOT. */
export function isGiven(option: Node): boolean {
  return nodeOf(nodeOf(option["arg"])["Boolean"])["boolval"] === true;
}
