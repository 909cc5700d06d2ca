import type { Level } from "../report/result.ts";
import { isSameForEveryRow } from "./expressions.ts";
import { listOf, nameIn, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import { removal } from "./removals.ts";
import type { Remark, Scene } from "./remark.ts";

/** What ALTER TABLE does to a table that was there before. */
export function alterationRules({ node }: Parsed, scene: Scene): Remark[] {
  const table = tableOf(node["relation"]);
  if (node["objtype"] !== "OBJECT_TABLE" || !scene.existed(table)) return [];
  return listOf(node, "cmds").flatMap((one) => {
    const command = nodeOf(one["AlterTableCmd"]);
    return alteration(command, table, scene);
  });
}

function alteration(command: Node, table: string, { headers }: Scene): Remark[] {
  const name = textIn(command, "name");
  switch (textIn(command, "subtype")) {
    case "AT_AddColumn":
      return addColumn(nodeOf(nodeOf(command["def"])["ColumnDef"]), table);
    case "AT_DropColumn":
      return removal(headers, `drops ${table}.${name}`, table);
    case "AT_AlterColumnType":
      return [
        remark("warning", "type-change", `may rewrite ${table} for the new type of ${name}`, table),
      ];
    case "AT_SetNotNull":
      return [
        remark(
          "warning",
          "not-null-scans",
          `reads all of ${table} unless a validated CHECK says the same of ${name}`,
          table,
        ),
      ];
    case "AT_AddConstraint":
      return addConstraint(nodeOf(nodeOf(command["def"])["Constraint"]), table);
    case "AT_EnableRowSecurity":
    case "AT_ForceRowSecurity":
      return [
        remark(
          "note",
          "policy-lock",
          `takes ACCESS EXCLUSIVE on ${table}: readers wait until COMMIT`,
          table,
        ),
      ];
    case "AT_SetExpression":
    case "AT_SetAccessMethod":
    case "AT_SetLogged":
    case "AT_SetUnLogged":
      return [remark("error", "rewrite", `rewrites ${table}`, table)];
    case "AT_SetTableSpace":
      return [
        {
          ...remark("error", "rewrite", `copies ${table} while readers and writers wait`, table),
          remedy: "Leave it out, or use pg_repack --tablespace outside a migration.",
        },
      ];
    case "AT_DropConstraint":
      return command["behavior"] === "DROP_CASCADE"
        ? removal(headers, `drops ${table}.${name} and all that hangs on it`, table)
        : [];
    default:
      return [];
  }
}

/** What ALTER DOMAIN asks of every row that has such a column. */
export function domainRule({ node }: Parsed, { existed }: Scene): Remark[] {
  const domain = nameIn({ List: { items: node["typeName"] } });
  const constraint = nodeOf(nodeOf(node["def"])["Constraint"]);
  const isNotNull = textIn(node, "subtype") === "O";
  const isAdded = textIn(node, "subtype") === "C" && constraint["skip_validation"] !== true;
  if (!existed(domain) || !(isNotNull || isAdded)) return [];
  return [
    {
      ...remark(
        "error",
        "constraint-scans",
        `every table that has a column of ${domain} is read while its writers wait`,
        domain,
      ),
      remedy: "Add a CHECK NOT VALID to the domain, and validate it in a later file.",
    },
  ];
}

function remark(level: Level, rule: string, ...[message, object]: [string, string]): Remark {
  return { level, rule, message, object };
}

const serials = new Set(["serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"]);

function addColumn(column: Node, table: string): Remark[] {
  const name = `${table}.${textIn(column, "colname")}`;
  const constraints = listOf(column, "constraints").map((one) => nodeOf(one["Constraint"]));
  const kinds = new Set(constraints.map((constraint) => textIn(constraint, "contype")));
  const types = listOf(column["typeName"], "names").map((one) =>
    textIn(nodeOf(one["String"]), "sval"),
  );
  const defaults = constraints.filter((one) => textIn(one, "contype") === "CONSTR_DEFAULT");
  const isStored = constraints.some(
    (one) => textIn(one, "contype") === "CONSTR_GENERATED" && textIn(one, "generated_kind") !== "v",
  );
  const rewrites =
    types.some((type) => serials.has(type)) ||
    kinds.has("CONSTR_IDENTITY") ||
    isStored ||
    // The server computes what is the same for every row once, and the column costs nothing.
    !isSameForEveryRow(defaults);
  if (rewrites)
    return [remark("error", "column-rewrites", `${name} is computed for every row at once`, table)];
  if (kinds.has("CONSTR_CHECK") || kinds.has("CONSTR_UNIQUE") || kinds.has("CONSTR_PRIMARY")) {
    return [
      remark(
        "error",
        "column-scans",
        `the constraint of ${name} is checked for every row at once`,
        table,
      ),
    ];
  }
  return [];
}

function addConstraint(constraint: Node, table: string): Remark[] {
  const kind = textIn(constraint, "contype");
  const isLater = constraint["skip_validation"] === true || textIn(constraint, "indexname") !== "";
  if (isLater || kind === "CONSTR_NOTNULL") return [];
  const name = textIn(constraint, "conname");
  return [
    {
      ...remark(
        "error",
        "constraint-scans",
        `${name || "a constraint"} is checked for every row of ${table} while writers wait`,
        table,
      ),
      remedy:
        kind === "CONSTR_CHECK" || kind === "CONSTR_FOREIGN"
          ? "Add it NOT VALID, and validate it in a later file."
          : "Build a unique index CONCURRENTLY, and add the constraint USING INDEX.",
    },
  ];
}
