import type { Finding } from "../report/result.ts";
import type { MigrationFile } from "../runner/files.ts";
import { readHeaders } from "../runner/headers.ts";
import { kindOf, needsNoTransaction } from "../runner/kinds.ts";
import { lostTriggers } from "./authority.ts";
import { listOf, nameIn, nodeOf, parseFile, tableOf, textIn } from "./parse.ts";
import type { Parsed } from "./parse.ts";
import { lostPolicies } from "./protection.ts";
import { rules } from "./rules.ts";
import type { Scene } from "./remark.ts";

/** Looks at files by their text alone; tables that one of them makes are new to all of them. */
export async function lintFiles(files: readonly MigrationFile[]): Promise<Finding[]> {
  const parsed = await Promise.all(
    files.map(async (file) => ({ file, parts: await parseFile(file) })),
  );
  const made = new Set(parsed.flatMap(({ parts }) => parts.flatMap(madeIn)));
  const existed = (table: string): boolean => table !== "" && !made.has(table);
  return parsed.flatMap(({ file, parts }) => [
    ...parts.flatMap((part) => lintStatement(file, part, existed)),
    ...lintWhole(file, parts, existed),
  ]);
}

// Tables, views, sequences and types have their names from one place, so that one set holds them all.
function madeIn({ kind, node }: Parsed): string[] {
  switch (kind) {
    case "CreateStmt":
      return [tableOf(node["relation"])];
    case "CreateTableAsStmt":
      return [tableOf(nodeOf(node["into"])["rel"])];
    case "ViewStmt":
      return [tableOf(node["view"])];
    case "CreateSeqStmt":
      return [tableOf(node["sequence"])];
    case "CompositeTypeStmt":
      return [tableOf(node["typevar"])];
    case "CreateEnumStmt":
    case "CreateRangeStmt":
      return [nameIn({ List: { items: node["typeName"] } })];
    case "CreateDomainStmt":
      return [nameIn({ List: { items: node["domainname"] } })];
    default:
      return [];
  }
}

function lintStatement(file: MigrationFile, parsed: Parsed, existed: Scene["existed"]): Finding[] {
  const headers = readHeaders(file.text, file.name);
  const { line, column } = parsed.statement;
  const remarks = rules[parsed.kind]?.(parsed, { headers, existed }) ?? [];
  return remarks.map((remark) => ({
    ...remark,
    // What was agreed on is said and does not stop anybody.
    level: remark.level === "error" && headers.heavy !== undefined ? "warning" : remark.level,
    file: file.name,
    line,
    column,
  }));
}

function lintWhole(
  file: MigrationFile,
  parts: readonly Parsed[],
  existed: Scene["existed"],
): Finding[] {
  const { transaction } = readHeaders(file.text, file.name);
  return [
    ...(transaction ? validatedAtOnce(file, parts) : []),
    ...(transaction ? hotTables(file, parts, existed) : []),
    ...unprotected(file, parts),
    ...lostPolicies(file, parts),
    ...lostTriggers(file, parts, existed),
    ...(transaction ? [] : outsideNeedlessly(file, parts)),
  ];
}

function commandsOf({ node }: Parsed): ReturnType<typeof nodeOf>[] {
  return listOf(node, "cmds").map((one) => nodeOf(one["AlterTableCmd"]));
}

// NOT VALID and VALIDATE in one transaction hold the strong lock during the scan after all.
function validatedAtOnce(file: MigrationFile, parts: readonly Parsed[]): Finding[] {
  const added = new Set(
    parts
      .flatMap(commandsOf)
      .map((command) => nodeOf(nodeOf(command["def"])["Constraint"]))
      .filter((constraint) => constraint["skip_validation"] === true)
      .map((constraint) => textIn(constraint, "conname")),
  );
  return parts.flatMap((part) =>
    commandsOf(part)
      .filter(
        (command) =>
          textIn(command, "subtype") === "AT_ValidateConstraint" &&
          added.has(textIn(command, "name")),
      )
      .map((command) => ({
        level: "error" as const,
        rule: "validated-at-once",
        message: `${textIn(command, "name")} is added and validated in one transaction, so the lock of the first lasts through the second`,
        remedy: "Validate it in a later file.",
        file: file.name,
        line: part.statement.line,
        column: part.statement.column,
      })),
  );
}

function hotTables(
  file: MigrationFile,
  parts: readonly Parsed[],
  existed: Scene["existed"],
): Finding[] {
  const tables = new Set(
    parts
      .filter(({ kind }) => kind === "AlterTableStmt")
      .map(({ node }) => tableOf(node["relation"]))
      .filter(existed),
  );
  if (tables.size < 2) return [];
  return [
    {
      level: "warning",
      rule: "several-tables",
      message: `holds locks on ${[...tables].join(", ")} together until COMMIT`,
      remedy: "One table that is in use per file.",
      file: file.name,
      line: 1,
    },
  ];
}

// A tenant's table that is not protected in the file that makes it is open until the next one.
function unprotected(file: MigrationFile, parts: readonly Parsed[]): Finding[] {
  return parts
    .filter(({ kind, node }) => kind === "CreateStmt" && hasTenant(node))
    .filter(({ node }) => !isProtected(file.text, tableOf(node["relation"])))
    .map(({ node, statement }) => ({
      level: "error" as const,
      rule: "tenant-unprotected",
      message: `${tableOf(node["relation"])} has a workspace_id and no row security in its own file`,
      remedy: "select codex.protect(…), or enable and force row level security",
      file: file.name,
      line: statement.line,
      column: statement.column,
      object: tableOf(node["relation"]),
    }));
}

function hasTenant(node: Parsed["node"]): boolean {
  return listOf(node, "tableElts").some(
    (element) => textIn(nodeOf(element["ColumnDef"]), "colname") === "workspace_id",
  );
}

function isProtected(text: string, table: string): boolean {
  const words = text.toLowerCase().replaceAll(/\s+/g, " ");
  if (words.includes(`codex.protect('${table}'`) || words.includes(`codex.protect( '${table}'`))
    return true;
  return (
    words.includes(`alter table ${table} enable row level security`) &&
    words.includes(`alter table ${table} force row level security`)
  );
}

function outsideNeedlessly(file: MigrationFile, parts: readonly Parsed[]): Finding[] {
  const { backfill } = readHeaders(file.text, file.name);
  const needs = parts.some(
    ({ statement }) => needsNoTransaction(statement.text) || kindOf(statement.text) === "scan",
  );
  if (backfill !== undefined || needs) return [];
  return [
    {
      level: "warning",
      rule: "needless-no-transaction",
      message: "runs outside a transaction, and no statement needs that",
      file: file.name,
      line: 1,
    },
  ];
}
